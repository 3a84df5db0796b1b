"""Events of the invoke action's jobs, whose credentials no report of a failed test shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

EXECUTION = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
CREDENTIALS = {
    "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
    "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "sessionToken": "IQoJb3JpZ2luX2VjEXAMPLETOKEN//////////wEaCXVzLWVhc3QtMSJHMEUCIQD",
}


class Hidden(str):
    """A string that pytest's reports of arguments, values and comparisons do not show."""

    def __repr__(self) -> str:
        return "<hidden>"


def read(payload: bytes | str) -> Any:
    """An event from JSON, with its credentials hidden."""
    return json.loads(payload, object_hook=_hide)


def _hide(values: dict[str, Any]) -> dict[str, Any]:
    if "secretAccessKey" not in values:
        return values
    return {
        key: Hidden(value) if isinstance(value, str) else value for key, value in values.items()
    }


def a_job(parameters: Any, token: str | None = None) -> dict[str, Any]:
    """What is under ``CodePipeline.job`` ("JSON event example", AWS Lambda invoke action reference
    of the AWS CodePipeline User Guide).

    Args:
        parameters: the action's UserParameters; what is no string is written as JSON.
        token: the continuation token.
    """
    text = parameters if isinstance(parameters, str) else json.dumps(parameters)
    artifact = {"bucketName": "artifacts", "objectKey": "shop/SourceArti/1"}
    data: dict[str, Any] = {
        "actionConfiguration": {"configuration": {"FunctionName": "f", "UserParameters": text}},
        "inputArtifacts": [
            {
                "name": "SourceArtifact",
                "revision": None,
                "location": {"type": "S3", "s3Location": artifact},
            }
        ],
        "outputArtifacts": [],
        "artifactCredentials": {**CREDENTIALS, "expirationTime": 1_700_000_000_000},
        "encryptionKey": {"id": "arn:aws:kms:us-east-1:123456789012:key/k", "type": "KMS"},
    }
    if token is not None:
        data["continuationToken"] = token
    return dict(read(json.dumps({"id": "job-1", "accountId": "123456789012", "data": data})))


def held_in(text: str, credentials: Mapping[str, str]) -> list[str]:
    """The names of those credentials whose values are in a text, as they are or URL-encoded."""
    return [
        name for name, value in credentials.items() if value in text or quote(value, "") in text
    ]
