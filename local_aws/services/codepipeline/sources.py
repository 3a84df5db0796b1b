"""Source actions: a branch in CodeCommit, an object in S3."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from botocore.exceptions import ClientError
from moto.core.utils import utcnow

from local_aws.server_state import server_state
from local_aws.services.codecommit import repositories
from local_aws.services.codepipeline.executions import ActionFailed


def codecommit(action: Any) -> None:
    """Put the branch's newest commit into the artifact bucket as a zip file (AWS CodePipeline User
    Guide, "CodeCommit source action reference")."""
    name, branch = (action.configuration[key] for key in ("RepositoryName", "BranchName"))
    client = action.client("codecommit")
    try:
        commit_id = client.get_branch(repositoryName=name, branchName=branch)["branch"]["commitId"]
        commit = client.get_commit(repositoryName=name, commitId=commit_id)["commit"]
    except ClientError as error:
        raise ActionFailed(
            "ConfigurationError",
            f"The action failed because no branch named {branch} was found in the selected AWS "
            f"CodeCommit repository {name}. Make sure you are using the correct branch name, and "
            f"then try again. Error: {error.response['Error']['Message']}",
        ) from None
    action.put_output(_archive(action, name, commit_id))
    action.run.variables = {
        "RepositoryName": name,
        "BranchName": branch,
        "CommitId": commit_id,
        "CommitMessage": commit["message"].rstrip("\n"),
        "AuthorDate": commit["author"]["date"],
        "CommitterDate": commit["committer"]["date"],
    }
    _found(action, commit_id, commit["message"])


def _archive(action: Any, name: str, commit_id: str) -> bytes:
    """The commit as a zip file, for which CodePipeline uses actions without a public API."""
    for operation in ("UploadArchive", "GetUploadArchiveStatus"):
        server_state.recorder.record(
            "codecommit",
            operation,
            action.role_arn,
            {"repositoryName": name, "commitId": commit_id},
            action.region,
        )
    repository = repositories.find(name)
    assert repository
    return repository.git_bytes("archive", "--format=zip", commit_id)


def s3(action: Any) -> None:
    """Put the newest version of a zip file into the artifact bucket (AWS CodePipeline User Guide,
    "Amazon S3 source action reference")."""
    bucket, key = (action.configuration[name] for name in ("S3Bucket", "S3ObjectKey"))
    client = action.client("s3")
    versioning = client.get_bucket_versioning(Bucket=bucket).get("Status")
    if versioning != "Enabled":
        raise ActionFailed(
            "ConfigurationError",
            f"The bucket named {bucket} is not versioned. Enable versioning, and then try again.",
        )
    try:
        found = client.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        raise ActionFailed(
            "ConfigurationError",
            f"The object with key '{key}' does not exist in bucket {bucket}: "
            f"{error.response['Error']['Message']}",
        ) from None
    data = found["Body"].read()
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise ActionFailed("JobFailed", f"The object with key '{key}' is not a ZIP archive.")
    action.put_output(data)
    action.run.variables = {
        "BucketName": bucket,
        "ObjectKey": key,
        "ETag": found["ETag"].strip('"'),
        "VersionId": found["VersionId"],
    }
    _found(action, found["VersionId"], f"Amazon S3 version id: {found['VersionId']}")


def _found(action: Any, revision: str, summary: str) -> None:
    action.run.change(external_id=revision, summary=summary)
    for artifact in action.run.outputs:
        action.execution.revisions.append(
            {
                "action": action.run.name,
                "artifact": artifact.name,
                "id": revision,
                "summary": summary,
                "created": utcnow(),
            }
        )
