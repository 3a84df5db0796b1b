"""Policies with a fault: each statement left out, and each one made wider."""

from __future__ import annotations

import copy
from collections.abc import Iterator

from permissions.account import Document
from support.policies.documents import listed

# An action of the service that none of the roles needs.
TOO_MUCH = {
    "autoscaling": "autoscaling:DeleteAutoScalingGroup",
    "cloudwatch": "cloudwatch:DeleteAlarms",
    "codebuild": "codebuild:DeleteProject",
    "codecommit": "codecommit:DeleteRepository",
    "codedeploy": "codedeploy:DeleteApplication",
    "codepipeline": "codepipeline:DeletePipeline",
    "ec2": "ec2:TerminateInstances",
    "elasticloadbalancing": "elasticloadbalancing:DeleteTargetGroup",
    "imagebuilder": "imagebuilder:DeleteImage",
    "kms": "kms:Sign",
    "lambda": "lambda:DeleteFunction",
    "logs": "logs:DeleteLogGroup",
    "s3": "s3:DeleteBucket",
    "sns": "sns:DeleteTopic",
    "ssm": "ssm:DeleteParameter",
    "ssmmessages": "ssmmessages:*",
    "sts": "sts:TagSession",
}


def widened(statement: Document) -> Iterator[tuple[str, Document]]:
    """A statement in every way in which it could say too much (or, of a denial, too little), each
    with what was done to it."""
    if statement["Effect"] == "Allow":
        yield from _with_another_action(statement)
        yield from _on_more(statement)
        yield from _by_anybody(statement)
    else:
        yield from _on_less(statement)
    yield from _on_fewer_conditions(statement)


def _with_another_action(statement: Document) -> Iterator[tuple[str, Document]]:
    service = listed(statement["Action"])[0].partition(":")[0]
    more = TOO_MUCH[service]
    yield f"also {more}", {**statement, "Action": [*listed(statement["Action"]), more]}


def _on_more(statement: Document) -> Iterator[tuple[str, Document]]:
    """On everything, and on everything of its kind; a resource's own policy is about itself."""
    if "Principal" in statement:
        return
    resources = listed(statement.get("Resource", "*"))
    if resources == ["*"]:
        return
    yield "on *", {**statement, "Resource": "*"}
    for number, resource in enumerate(resources):
        # arn:partition:service:region:account:resource
        parts = resource.split(":", 5)
        for what, at, value in (("any name", 5, _any_name(parts[5])), ("any region", 3, "*")):
            if parts[at] in ("", value):
                continue
            wider = ":".join([*parts[:at], value, *parts[at + 1 :]])
            yield (
                f"on {wider} ({what})",
                {
                    **statement,
                    "Resource": [*resources[:number], wider, *resources[number + 1 :]],
                },
            )


def _any_name(resource: str) -> str:
    """`group/shop` and `group:shop` as `group/*` and `group:*`."""
    for separator in ("/", ":"):
        kind, found, _ = resource.partition(separator)
        if found:
            return f"{kind}{separator}*"
    return "*"


def _by_anybody(statement: Document) -> Iterator[tuple[str, Document]]:
    if "Principal" in statement:
        yield "by anybody", {**statement, "Principal": "*"}


def _on_less(statement: Document) -> Iterator[tuple[str, Document]]:
    for element in ("Action", "Resource"):
        values = listed(statement[element])
        for value in values if len(values) > 1 else []:
            yield f"without {value}", {**statement, element: [v for v in values if v != value]}


def _on_fewer_conditions(statement: Document) -> Iterator[tuple[str, Document]]:
    """Without each of its condition keys. A denial with fewer conditions says more, not less."""
    if statement["Effect"] == "Deny":
        return
    for operator, keys in statement.get("Condition", {}).items():
        for key in keys:
            wider = copy.deepcopy(statement)
            del wider["Condition"][operator][key]
            if not wider["Condition"][operator]:
                del wider["Condition"][operator]
            if not wider["Condition"]:
                del wider["Condition"]
            yield f"without {operator} {key}", wider
