"""The Lambda invoke action, and the jobs with which it invokes functions.

AWS CodePipeline User Guide, "AWS Lambda invoke action reference" and "Quotas in AWS CodePipeline".
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from local_aws.server_state import server_state
from local_aws.services.codepipeline.executions import ActionFailed

# AWS seconds.
LONGEST_SECONDS = 24 * 60 * 60


@dataclass
class Job:
    """A job.

    Attributes:
        answer: the parameters of PutJobSuccessResult or PutJobFailureResult.
        closed: whether a result comes too late.
    """

    action: Any
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    answered: threading.Event = field(default_factory=threading.Event)
    answer: dict[str, Any] = field(default_factory=dict)
    closed: bool = False


jobs: dict[str, Job] = {}


def function(action: Any) -> None:
    """Invoke the function, again after each result with a continuation token.

    Raises:
        ActionFailed: for a failure result, or if no result comes in time.
    """
    token = ""
    seconds = 0.0
    while seconds < LONGEST_SECONDS:
        job = Job(action)
        jobs[job.id] = job
        _invoke(job, token)
        answer = _wait(job)
        action.run.change(**_details(answer))
        if "failureDetails" in answer:
            failure = answer["failureDetails"]
            raise ActionFailed(failure["type"], failure["message"])
        token = answer.get("continuationToken", "")
        action.run.change(token=token)
        if not token:
            action.run.variables = dict(answer.get("outputVariables", {}))
            return
        server_state.clock.sleep(server_state.conditions.job_poll_seconds)
        seconds += server_state.conditions.job_poll_seconds
    raise ActionFailed("JobTimedOut", "The action timed out after 24 hours")


def _invoke(job: Job, token: str) -> None:
    name = job.action.configuration["FunctionName"]
    try:
        job.action.client("lambda").invoke(
            FunctionName=name,
            InvocationType="Event",
            Payload=json.dumps({"CodePipeline.job": _event(job, token)}),
        )
    except ClientError as error:
        raise ActionFailed(
            "ConfigurationError",
            f"The AWS Lambda function {name} could not be invoked: "
            f"{error.response['Error'].get('Message') or error.response['Error']['Code']}",
        ) from None


def _event(job: Job, token: str) -> dict[str, Any]:
    """The event for a job ("JSON event example"); it names neither pipeline nor execution."""
    action = job.action
    credentials = server_state.assume_role(
        action.role_arn, action.region, "codepipeline.amazonaws.com", None
    )
    configuration = {
        key: action.configuration[key]
        for key in ("FunctionName", "UserParameters")
        if key in action.configuration
    }
    data: dict[str, Any] = {
        "actionConfiguration": {"configuration": configuration},
        "inputArtifacts": [
            {
                "name": artifact.name,
                "revision": None,
                "location": {
                    "type": "S3",
                    "s3Location": {"bucketName": artifact.bucket, "objectKey": artifact.key},
                },
            }
            for artifact in action.run.inputs
        ],
        "outputArtifacts": [],
        "artifactCredentials": {
            "accessKeyId": credentials.access_key_id,
            "secretAccessKey": credentials.secret_access_key,
            "sessionToken": credentials.session_token,
            "expirationTime": int(credentials.expiration.timestamp() * 1000),
        },
    }
    if key := action.encryption_key:
        data["encryptionKey"] = key
    if token:
        data["continuationToken"] = token
    return {"id": job.id, "accountId": server_state.account_id, "data": data}


def _wait(job: Job) -> dict[str, Any]:
    began = time.monotonic()
    try:
        while not server_state.clock.wait(job.answered, 0.1):
            if time.monotonic() - began > server_state.conditions.job_answer_seconds:
                break
        else:
            return job.answer
    finally:
        job.closed = True
    name = job.action.configuration["FunctionName"]
    raise ActionFailed(
        "JobTimedOut",
        f"The AWS Lambda function {name} failed to return a result. Check the function to verify "
        "that it has permission to call the PutJobSuccessResult action and that it made a call to "
        "PutJobSuccessResult or PutJobFailureResult.",
    )


def _details(answer: dict[str, Any]) -> dict[str, Any]:
    given = answer.get("executionDetails", {})
    details = {
        "summary": given.get("summary"),
        "external_id": given.get("externalExecutionId"),
        "percent": given.get("percentComplete"),
    }
    return {name: value for name, value in details.items() if value is not None}
