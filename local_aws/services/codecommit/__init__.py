"""AWS CodeCommit: repositories that git can clone from and push to."""

from __future__ import annotations

from moto.codecommit import urls

from local_aws import server
from local_aws.services.codecommit import git
from local_aws.services.codecommit.operations import CodeCommitOperations


def install() -> None:
    urls.url_paths["{0}/$"] = CodeCommitOperations.dispatch
    server.paths[git.PATH] = git.serve
