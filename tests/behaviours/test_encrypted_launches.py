"""Auto Scaling: instances whose volumes have a customer managed key."""

from __future__ import annotations

import json

import pytest

from local_aws.client import LocalAws
from support.fleet import (
    activities,
    client,
    eventually,
    group,
    in_service,
    members,
    template,
)

ROLE = (
    "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/"
    "AWSServiceRoleForAutoScaling"
)
OPERATIONS = [
    "CreateGrant",
    "Decrypt",
    "DescribeKey",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
]


@pytest.fixture
def key(aws: LocalAws) -> str:
    """The ARN of a key."""
    return str(client(aws, "kms").create_key()["KeyMetadata"]["Arn"])


def group_with(aws: LocalAws, key: str) -> str:
    """A group of one instance whose root volume has the key."""
    device = {"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True, "KmsKeyId": key}}
    launched = {"LaunchTemplateId": template(aws, BlockDeviceMappings=[device])}
    return group(aws, wait=False, LaunchTemplate={**launched, "Version": "$Latest"})


def has_failed(aws: LocalAws, name: str) -> str:
    """Why the newest launch failed."""
    newest = eventually(
        lambda: activities(aws, name)[:1], lambda a: a and a[0]["StatusCode"] == "Failed"
    )
    return str(newest[0]["StatusMessage"])


def test_without_a_grant_nothing_is_launched(aws: LocalAws, key: str) -> None:
    name = group_with(aws, key)
    assert "Client.InternalError: Client error on launch" in has_failed(aws, name)
    assert members(aws, name) == []


def test_a_grant_lets_auto_scaling_launch(aws: LocalAws, key: str) -> None:
    client(aws, "kms").create_grant(KeyId=key, GranteePrincipal=ROLE, Operations=OPERATIONS)
    in_service(aws, group_with(aws, key), 1)


def test_a_grant_that_is_not_enough(aws: LocalAws, key: str) -> None:
    client(aws, "kms").create_grant(KeyId=key, GranteePrincipal=ROLE, Operations=["Decrypt"])
    has_failed(aws, group_with(aws, key))


def test_the_policy_of_the_key_lets_auto_scaling_launch(aws: LocalAws, key: str) -> None:
    use = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Resource": "*"}
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                **use,
                "Action": [
                    "kms:Encrypt",
                    "kms:Decrypt",
                    "kms:ReEncrypt*",
                    "kms:GenerateDataKey*",
                    "kms:DescribeKey",
                ],
            },
            {
                **use,
                "Action": "kms:CreateGrant",
                "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
            },
        ],
    }
    client(aws, "kms").put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))
    in_service(aws, group_with(aws, key), 1)


def test_a_key_that_is_disabled(aws: LocalAws, key: str) -> None:
    client(aws, "kms").create_grant(KeyId=key, GranteePrincipal=ROLE, Operations=OPERATIONS)
    client(aws, "kms").disable_key(KeyId=key.rpartition("/")[2])
    has_failed(aws, group_with(aws, key))
