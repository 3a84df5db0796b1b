"""CodeCommit: repositories that git pushes to, and the events of a push."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.delivery import Repository
from support.fleet import client, eventually, unique


@pytest.fixture
def repository(aws: LocalAws, tmp_path: Path) -> Repository:
    return Repository(aws, tmp_path)


def test_the_clone_url_is_aws_own_and_git_reaches_it(repository: Repository) -> None:
    url = repository.metadata["cloneUrlHttp"]
    assert url == f"https://git-codecommit.us-east-1.amazonaws.com/v1/repos/{repository.name}"
    commit = repository.push(hello_dot_txt="hello")
    repository.git("clone", "--quiet", url, "again")
    assert (repository.folder / "again" / "hello.txt").read_text() == "hello"
    assert repository.git("ls-remote", url, "refs/heads/main").split()[0] == commit


def test_branches_and_commits_are_described(aws: LocalAws, repository: Repository) -> None:
    commit_id = repository.push(hello_dot_txt="hello")
    codecommit = client(aws, "codecommit")
    branch = codecommit.get_branch(repositoryName=repository.name, branchName="main")["branch"]
    commit = codecommit.get_commit(repositoryName=repository.name, commitId=commit_id)["commit"]
    assert branch == {"branchName": "main", "commitId": commit_id}
    assert commit["message"] == "A change\n"
    assert commit["author"]["email"] == "test@example.com"
    assert codecommit.list_branches(repositoryName=repository.name)["branches"] == ["main"]


def test_the_first_branch_that_is_pushed_is_the_default(
    aws: LocalAws, repository: Repository
) -> None:
    codecommit = client(aws, "codecommit")

    def metadata() -> dict[str, Any]:
        answer = codecommit.get_repository(repositoryName=repository.name)
        found: dict[str, Any] = answer["repositoryMetadata"]
        return found

    assert "defaultBranch" not in metadata()
    repository.push("trunk")
    repository.push("main")
    assert metadata()["defaultBranch"] == "trunk"


def test_a_push_and_a_pull_are_recorded(aws: LocalAws, repository: Repository) -> None:
    repository.push()
    repository.git("fetch", "--quiet", repository.metadata["cloneUrlHttp"])
    recorded = [
        request["operation"]
        for request in aws.requests()
        if request["parameters"].get("repositoryName") == repository.name
    ]
    assert recorded[-2:] == ["GitPush", "GitPull"]


def test_a_repository_that_does_not_exist_is_not_found(aws: LocalAws, tmp_path: Path) -> None:
    done = subprocess.run(
        ["git", "ls-remote", "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/none"],
        env=aws.env | {"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode and "not found" in done.stderr


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ({"repositoryName": "none"}, "RepositoryDoesNotExistException"),
        ({"repositoryName": "", "branchName": "none"}, "BranchDoesNotExistException"),
        ({"repositoryName": "", "commitId": "0" * 40}, "CommitIdDoesNotExistException"),
    ],
)
def test_what_does_not_exist_is_an_error_of_its_own(
    aws: LocalAws, repository: Repository, call: dict[str, str], error: str
) -> None:
    codecommit = client(aws, "codecommit")
    operation = {
        "branchName": codecommit.get_branch,
        "commitId": codecommit.get_commit,
    }.get(list(call)[-1], codecommit.get_repository)
    with pytest.raises(ClientError, match=error):
        operation(**{**call, "repositoryName": call["repositoryName"] or repository.name})


def test_a_name_is_taken_once(aws: LocalAws, repository: Repository) -> None:
    with pytest.raises(ClientError, match="RepositoryNameExistsException"):
        client(aws, "codecommit").create_repository(repositoryName=repository.name)


@pytest.mark.parametrize("name", ["with space", "x.git"])
def test_a_bad_name_is_refused(aws: LocalAws, name: str) -> None:
    with pytest.raises(ClientError, match="InvalidRepositoryNameException"):
        client(aws, "codecommit").create_repository(repositoryName=name)


def test_a_deleted_repository_is_gone(aws: LocalAws, repository: Repository) -> None:
    client(aws, "codecommit").delete_repository(repositoryName=repository.name)
    with pytest.raises(ClientError, match="RepositoryDoesNotExistException"):
        client(aws, "codecommit").get_repository(repositoryName=repository.name)


# Events


@pytest.fixture
def heard(aws: LocalAws, repository: Repository) -> Any:
    """The events of the repository so far, as a rule sends them to a log group."""
    group = f"/aws/events/{unique('heard')}"
    logs, events = client(aws, "logs"), client(aws, "events")
    logs.create_log_group(logGroupName=group)
    rule = unique("rule")
    events.put_rule(Name=rule, EventPattern=json.dumps({"resources": [repository.metadata["Arn"]]}))
    arn = f"arn:aws:logs:us-east-1:123456789012:log-group:{group}"
    events.put_targets(Rule=rule, Targets=[{"Id": "log", "Arn": arn}])

    def heard(count: int) -> list[dict[str, Any]]:
        def look() -> list[dict[str, Any]]:
            found = logs.filter_log_events(logGroupName=group)["events"]
            return [json.loads(event["message"]) for event in found]

        return eventually(look, lambda found: len(found) >= count)

    return heard


def test_a_push_tells_of_each_reference_that_it_changed(repository: Repository, heard: Any) -> None:
    first = repository.push()
    (created,) = heard(1)
    assert created["source"] == "aws.codecommit"
    assert created["detail-type"] == "CodeCommit Repository State Change"
    detail = created["detail"]
    assert detail["event"] == "referenceCreated"
    assert (detail["referenceType"], detail["referenceName"]) == ("branch", "main")
    assert (detail["commitId"], detail["repositoryName"]) == (first, repository.name)

    second = repository.push()
    updated = [event["detail"] for event in heard(2) if "oldCommitId" in event["detail"]]
    assert [(d["event"], d["oldCommitId"], d["commitId"]) for d in updated] == [
        ("referenceUpdated", first, second)
    ]


def test_a_tag_and_a_deleted_branch_are_told_as_such(repository: Repository, heard: Any) -> None:
    repository.push("main")
    repository.push("refs/tags/v1")
    repository.push("gone")
    repository.git("push", "--quiet", repository.metadata["cloneUrlHttp"], ":gone")
    details = [event["detail"] for event in heard(4)]
    assert {(detail["event"], detail["referenceType"]) for detail in details} == {
        ("referenceCreated", "tag"),
        ("referenceCreated", "branch"),
        ("referenceDeleted", "branch"),
    }
