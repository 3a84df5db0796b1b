"""CloudWatch Logs: log groups with a customer managed key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.fleet import client, unique

GROUPS = "arn:aws:logs:us-east-1:123456789012:log-group:"


def key_for(aws: LocalAws, group: str) -> str:
    """A key whose policy lets CloudWatch Logs use it for a group."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": "logs.us-east-1.amazonaws.com"},
        "Action": [
            "kms:Encrypt*",
            "kms:Decrypt*",
            "kms:ReEncrypt*",
            "kms:GenerateDataKey*",
            "kms:Describe*",
        ],
        "Resource": "*",
        "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": GROUPS + group}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return str(client(aws, "kms").create_key(Policy=policy)["KeyMetadata"]["Arn"])


def test_a_group_gets_the_key_that_is_for_it(aws: LocalAws) -> None:
    name = unique("group")
    key = key_for(aws, name)
    client(aws, "logs").create_log_group(logGroupName=name, kmsKeyId=key)
    (group,) = client(aws, "logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert group["kmsKeyId"] == key


def test_the_key_of_another_group_is_refused(aws: LocalAws) -> None:
    name = unique("group")
    with pytest.raises(ClientError, match="not allowed to be used with Arn"):
        client(aws, "logs").create_log_group(logGroupName=name, kmsKeyId=key_for(aws, "other"))
    assert not client(aws, "logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
