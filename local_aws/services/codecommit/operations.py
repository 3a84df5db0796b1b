"""Operations of the CodeCommit API (AWS CodeCommit API Reference)."""

from __future__ import annotations

import re

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, BaseResponse

from local_aws.services.codecommit import repositories
from local_aws.services.codecommit.repositories import Repository
from local_aws.services.parameters import knows

NAME = re.compile(r"[\w.-]{1,100}(?<!\.git)")


class CodeCommitOperations(BaseResponse):
    """Repositories, branches, commits and tags."""

    def __init__(self) -> None:
        super().__init__(service_name="codecommit")
        self.automated_parameter_parsing = True

    def repository(self) -> Repository:
        name = self._get_param("repositoryName") or self._get_param("resourceArn").split(":")[-1]
        found = repositories.find(name)
        if not found:
            raise JsonRESTError("RepositoryDoesNotExistException", f"{name} does not exist")
        return found

    @knows("repositoryName", "repositoryDescription", "tags")
    def create_repository(self) -> ActionResult:
        name = self._get_param("repositoryName")
        if not NAME.fullmatch(name):
            raise JsonRESTError("InvalidRepositoryNameException", f"{name} is not a valid name")
        if repositories.find(name):
            raise JsonRESTError("RepositoryNameExistsException", f"{name} already exists")
        repository = Repository(
            name,
            self.region,
            self._get_param("repositoryDescription") or "",
            dict(self._get_param("tags") or {}),
        )
        repositories.add(repository)
        return ActionResult({"repositoryMetadata": repository.metadata})

    def get_repository(self) -> ActionResult:
        return ActionResult({"repositoryMetadata": self.repository().metadata})

    def delete_repository(self) -> ActionResult:
        removed = repositories.remove(self._get_param("repositoryName"))
        return ActionResult({"repositoryId": removed and removed.metadata["repositoryId"]})

    @knows("repositoryName", "branchName")
    def get_branch(self) -> ActionResult:
        name = self._get_param("branchName")
        commit = self._commit(f"refs/heads/{name}", "BranchDoesNotExistException")
        return ActionResult({"branch": {"branchName": name, "commitId": commit}})

    @knows("repositoryName")
    def list_branches(self) -> ActionResult:
        references = self.repository().references()
        prefix = "refs/heads/"
        names = [name.removeprefix(prefix) for name in references if name.startswith(prefix)]
        return ActionResult({"branches": names})

    @knows("repositoryName", "commitId")
    def get_commit(self) -> ActionResult:
        commit = self._commit(self._get_param("commitId"), "CommitIdDoesNotExistException")
        form = "%T%x00%P%x00%an%x00%ae%x00%ad%x00%cn%x00%ce%x00%cd%x00%B"
        shown = self.repository().git("show", "-s", "--date=raw", f"--format={form}", commit)
        tree, parents, *people, message = shown.split("\x00")
        return ActionResult(
            {
                "commit": {
                    "commitId": commit,
                    "treeId": tree,
                    "parents": parents.split(),
                    "message": message + "\n",
                    "author": dict(zip(("name", "email", "date"), people[:3], strict=True)),
                    "committer": dict(zip(("name", "email", "date"), people[3:], strict=True)),
                    "additionalData": "",
                }
            }
        )

    def _commit(self, revision: str, error: str) -> str:
        try:
            return self.repository().git("rev-parse", "--verify", f"{revision}^{{commit}}")
        except LookupError:
            raise JsonRESTError(error, f"{revision} does not exist") from None

    def list_tags_for_resource(self) -> ActionResult:
        return ActionResult({"tags": self.repository().tags})
