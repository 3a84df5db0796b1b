"""Repositories: bare git repositories, with CodeCommit's metadata."""

from __future__ import annotations

import shutil
import subprocess
import time
import uuid
from pathlib import Path
from typing import Any

from local_aws.server_state import PARTITION, server_state
from local_aws.services import events


class Repository:
    """A repository; ``metadata`` is a RepositoryMetadata (AWS CodeCommit API Reference)."""

    def __init__(self, name: str, region: str, description: str, tags: dict[str, str]) -> None:
        self.name = name
        self.region = region
        self.tags = tags
        self.arn = f"arn:{PARTITION}:codecommit:{region}:{server_state.account_id}:{name}"
        host = f"git-codecommit.{region}.amazonaws.com/v1/repos/{name}"
        self.metadata: dict[str, Any] = {
            "accountId": server_state.account_id,
            "repositoryId": str(uuid.uuid4()),
            "repositoryName": name,
            "repositoryDescription": description,
            "creationDate": time.time(),
            "lastModifiedDate": time.time(),
            "cloneUrlHttp": f"https://{host}",
            "cloneUrlSsh": f"ssh://{host}",
            "Arn": self.arn,
        }
        self.folder = root() / f"{name}.git"
        subprocess.run(["git", "init", "--quiet", "--bare", self.folder], check=True)
        self.git("config", "http.receivepack", "true")

    def git(self, *arguments: str) -> str:
        """Run git in the repository.

        Raises:
            LookupError: when git fails, which here means that something is not in it.
        """
        return self.git_bytes(*arguments).decode().strip()

    def git_bytes(self, *arguments: str) -> bytes:
        done = subprocess.run(["git", *arguments], cwd=self.folder, capture_output=True)
        if done.returncode:
            raise LookupError(done.stderr.decode().strip())
        return done.stdout

    def references(self) -> dict[str, str]:
        """Commit IDs by the full names of references."""
        lines = self.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return dict(line.split() for line in lines)

    def changed(self, before: dict[str, str], caller: str) -> None:
        """Emit an event for each reference that a push changed (AWS CodeCommit User Guide,
        "Monitoring CodeCommit events in Amazon EventBridge").

        Args:
            before: the references before the push.
            caller: the ARN of the principal that pushed.
        """
        after = self.references()
        branches = [name for name in after if name.startswith("refs/heads/")]
        if branches and "defaultBranch" not in self.metadata:
            self.set_default_branch(branches[0].removeprefix("refs/heads/"))
        for full_name in sorted(before.keys() | after.keys()):
            old, new = before.get(full_name), after.get(full_name)
            if old != new:
                self._emit(full_name, old, new, caller)

    def set_default_branch(self, branch: str) -> None:
        self.metadata["defaultBranch"] = branch
        self.git("symbolic-ref", "HEAD", f"refs/heads/{branch}")

    def _emit(self, full_name: str, old: str | None, new: str | None, caller: str) -> None:
        kinds = {"refs/heads/": "branch", "refs/tags/": "tag"}
        prefix = next((prefix for prefix in kinds if full_name.startswith(prefix)), None)
        if not prefix:
            return
        what = "Created" if not old else "Updated" if new else "Deleted"
        detail = {
            "event": f"reference{what}",
            "callerUserArn": caller,
            "repositoryName": self.name,
            "repositoryId": self.metadata["repositoryId"],
            "referenceType": kinds[prefix],
            "referenceName": full_name.removeprefix(prefix),
            "referenceFullName": full_name,
        }
        if new:
            detail["commitId"] = new
        if old:
            detail["oldCommitId"] = old
        events.emit(
            "aws.codecommit",
            "CodeCommit Repository State Change",
            [self.arn],
            detail,
            self.region,
        )


_repositories: dict[str, Repository] = {}


def root() -> Path:
    folder = server_state.folder / "repositories"
    folder.mkdir(exist_ok=True)
    return folder


def add(repository: Repository) -> None:
    _repositories[repository.name] = repository


def find(name: str) -> Repository | None:
    return _repositories.get(name)


def remove(name: str) -> Repository | None:
    repository = _repositories.pop(name, None)
    if repository:
        shutil.rmtree(repository.folder)
    return repository
