"""The simulator's verdicts, where the right answer is known from AWS's documentation."""

from __future__ import annotations

from typing import Any

import pytest

from support.policies.simulator import NotAskable, Question, simulate

ACCOUNT = "123456789012"
BAKER = f"arn:aws:iam::{ACCOUNT}:role/baker"
IMAGE = "arn:aws:ec2:us-east-1::image/ami-1"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"
TAGGED = {"aws:ResourceTag/owner": "baker"}
EVERYTHING = {"Action": "*", "Resource": "*"}


def document(effect: str = "Allow", **statement: Any) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "Only", "Effect": effect, **statement}],
    }


def identity(**statement: Any) -> dict[str, Any]:
    return {"identity_policies": {"own": document(**statement)}}


OWN_IMAGES = identity(
    Action="ec2:DeregisterImage",
    Resource="arn:aws:ec2:us-east-1::image/*",
    Condition={"StringEquals": TAGGED},
)
ONE_TAG = identity(
    Action="ec2:CreateTags",
    Resource="arn:aws:ec2:us-east-1::image/*",
    Condition={
        "ForAllValues:StringEquals": {"aws:TagKeys": "undo"},
        "Null": {"aws:TagKeys": "false"},
    },
)
TLS = document(
    "Deny",
    Principal="*",
    Action="s3:*",
    Resource="arn:aws:s3:::bucket/*",
    Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}},
)
TRUST = document(
    Principal={"Service": "events.amazonaws.com"},
    Action="sts:AssumeRole",
    Condition={"ArnEquals": {"aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/a"}},
)
ONLY_FOR_THE_BAKER = document(
    Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    Action="kms:Decrypt",
    Resource="*",
    Condition={"ArnEquals": {"aws:PrincipalArn": BAKER}},
)


@pytest.mark.parametrize(
    ("question", "decision"),
    [
        (Question(BAKER, "ec2:DeregisterImage", IMAGE, TAGGED, **OWN_IMAGES), "Allowed"),
        (Question(BAKER, "ec2:DeregisterImage", IMAGE, **OWN_IMAGES), "ImplicitlyDenied"),
        (
            Question(
                BAKER, "ec2:DeregisterImage", IMAGE.replace("us-", "eu-"), TAGGED, **OWN_IMAGES
            ),
            "ImplicitlyDenied",
        ),
        (Question(BAKER, "ec2:CreateTags", IMAGE, {"aws:TagKeys": ["undo"]}, **ONE_TAG), "Allowed"),
        (
            Question(BAKER, "ec2:CreateTags", IMAGE, {"aws:TagKeys": ["undo", "x"]}, **ONE_TAG),
            "ImplicitlyDenied",
        ),
        (Question(BAKER, "ec2:CreateTags", IMAGE, **ONE_TAG), "ImplicitlyDenied"),
        (
            Question(
                BAKER,
                "s3:GetObject",
                "arn:aws:s3:::bucket/key",
                {"s3:TlsVersion": "1.1"},
                resource_policy=TLS,
                **identity(**EVERYTHING),
            ),
            "ExplicitlyDenied",
        ),
        (
            Question(
                "events.amazonaws.com",
                "sts:AssumeRole",
                BAKER,
                {"aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/a"},
                resource_policy=TRUST,
            ),
            "Allowed",
        ),
        (
            Question(
                "events.amazonaws.com",
                "sts:AssumeRole",
                BAKER,
                {"aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/b"},
                resource_policy=TRUST,
            ),
            "ImplicitlyDenied",
        ),
        (
            Question(
                BAKER,
                "kms:Decrypt",
                KEY,
                resource_policy=ONLY_FOR_THE_BAKER,
                **identity(Action="kms:Decrypt", Resource=KEY),
            ),
            "Allowed",
        ),
        (
            Question(BAKER, "kms:Decrypt", KEY, resource_policy=ONLY_FOR_THE_BAKER),
            "ImplicitlyDenied",
        ),
        (
            Question(
                BAKER.replace("baker", "other"),
                "kms:Decrypt",
                KEY,
                resource_policy=ONLY_FOR_THE_BAKER,
                **identity(**EVERYTHING),
            ),
            "ImplicitlyDenied",
        ),
        (
            Question(
                BAKER,
                "ec2:DeregisterImage",
                IMAGE,
                boundary=document(Action="s3:*", Resource="*"),
                **identity(**EVERYTHING),
            ),
            "ImplicitlyDenied",
        ),
    ],
)
def test_a_verdict(question: Question, decision: str) -> None:
    (verdict,) = simulate([question])
    assert verdict.decision == decision


def test_which_statement_decided() -> None:
    allowed, denied = simulate(
        [
            Question(BAKER, "ec2:DeregisterImage", IMAGE, TAGGED, **OWN_IMAGES),
            Question(
                BAKER,
                "s3:GetObject",
                "arn:aws:s3:::bucket/key",
                {"s3:TlsVersion": "1.1"},
                resource_policy=TLS,
                **identity(**EVERYTHING),
            ),
        ]
    )
    assert allowed.allowed_by == (("own", "Only"),)
    assert denied.denied_by == (("", "Only"),)


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("ec2:NoSuchAction", IMAGE, {}),
        ("ec2:DeregisterImage", "arn:aws:s3:::bucket", {}),
        ("ec2:DeregisterImage", IMAGE, {"s3:TlsVersion": "1.2"}),
    ],
)
def test_a_question_that_makes_no_sense(
    action: str, resource: str, context: dict[str, Any]
) -> None:
    with pytest.raises(NotAskable):
        simulate([Question(BAKER, action, resource, context)])


@pytest.mark.parametrize("document_arn", ["AWS-RunShellScript", "AWS-RunRemoteScript"])
def test_what_the_simulator_does_not_know_is_asked_with_stand_ins(document_arn: str) -> None:
    (verdict,) = simulate(
        [
            Question(
                BAKER,
                "ssm:SendCommand",
                f"arn:aws:ssm:us-east-1::document/{document_arn}",
                **identity(
                    Action="ssm:SendCommand",
                    Resource="arn:aws:ssm:us-east-1::document/AWS-RunShellScript",
                ),
            )
        ]
    )
    assert verdict.allowed == (document_arn == "AWS-RunShellScript")


@pytest.mark.parametrize("bucket", ["own", "other"])
def test_an_encryption_context_counts(bucket: str) -> None:
    key = "kms:EncryptionContext:aws:s3:arn"
    (verdict,) = simulate(
        [
            Question(
                BAKER,
                "kms:Decrypt",
                KEY,
                {key: f"arn:aws:s3:::{bucket}"},
                resource_policy=ONLY_FOR_THE_BAKER,
                **identity(
                    Action="kms:Decrypt",
                    Resource=KEY,
                    Condition={"StringLike": {key: ["arn:aws:s3:::own", "arn:aws:s3:::own/*"]}},
                ),
            )
        ]
    )
    assert verdict.allowed == (bucket == "own")
