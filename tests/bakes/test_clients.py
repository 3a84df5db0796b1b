"""A cold function makes the clients that its step needs, and no others: each takes time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from baker.aws import Aws
from bakes import matrix

CLIENTS = {"autoscaling", "codedeploy", "codepipeline", "ec2", "ssm"}


def made(aws: Aws) -> set[str]:
    return CLIENTS & vars(aws.clients).keys()


def test_each_invocation_makes_what_it_needs() -> None:
    service = matrix.make_service("live")
    by_invocation: list[Aws] = []

    def deliver(event: dict[str, Any]) -> Any:
        # CodePipeline invokes again as soon as it has an answer, which may be before this one ends.
        by_invocation.append(Aws())
        service.function.runtime = replace(service.function.runtime, aws=by_invocation[-1])
        return service.function.invoke(event)

    with service.running():
        service.function.deliver = deliver
        service.bake()
    assert [made(aws) for aws in by_invocation] == [
        CLIENTS,  # choose the source, flush it
        CLIENTS,  # make the image
        {"codepipeline", "ec2"},  # wait for it
        CLIENTS - {"ssm"},  # promote it, clean up
    ]


def test_importing_the_function_makes_none() -> None:
    assert not made(Aws())
