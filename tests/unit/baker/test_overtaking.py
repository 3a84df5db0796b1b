from __future__ import annotations

import datetime
from typing import Any

import pytest

from baker.decisions.overtaking import CLOCK_SKEW, deploy_action, overtaking
from baker.errors import NotYetVisible
from baker.model.deployment import ActionExecution, Deployment
from unit.baker.samples import a_settings

SETTINGS = a_settings()
NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)


def action(
    deployment: str,
    started: datetime.datetime = NOON,
    status: str = "Succeeded",
    provider: str = "CodeDeploy",
    group: str = "group",
) -> ActionExecution:
    configuration = {"ApplicationName": "app", "DeploymentGroupName": group}
    return ActionExecution(provider, status, started, configuration, deployment)


# The bake itself, which waits for the function.
BAKING = ActionExecution("Lambda", "InProgress", NOON)


def test_the_deployment_is_the_one_that_the_execution_made() -> None:
    actions = [action("lambda", provider="Lambda"), action("d-1")]
    assert deploy_action([BAKING, *actions], "e", SETTINGS).external_id == "d-1"


def test_after_a_retry_of_the_deploy_stage_it_is_the_last_that_succeeded() -> None:
    actions = [
        action("d-3", NOON + 2 * SECOND, status="Failed"),
        action("d-2", NOON + SECOND),
        action("d-1", NOON),
    ]
    assert deploy_action([BAKING, *actions], "e", SETTINGS).external_id == "d-2"


def test_deployments_to_other_groups_do_not_count() -> None:
    actions = [action("d-1"), action("d-2", NOON + SECOND, group="another")]
    assert deploy_action([BAKING, *actions], "e", SETTINGS).external_id == "d-1"


@pytest.mark.parametrize("actions", [[], [action("d-1", status="Failed")]])
def test_without_a_successful_deployment_there_is_nothing_to_bake(actions: list[Any]) -> None:
    with pytest.raises(NotYetVisible, match="no successful CodeDeploy action .* group"):
        deploy_action([BAKING, *actions], "e", SETTINGS)


@pytest.mark.parametrize(
    "other", [[], [ActionExecution("Lambda", "Succeeded", NOON)], [ActionExecution("", "x", NOON)]]
)
def test_an_execution_that_waits_for_no_function_is_left_alone(other: list[Any]) -> None:
    with pytest.raises(NotYetVisible, match="no Lambda action in progress in pipeline shop"):
        deploy_action([*other, action("d-1")], "e", SETTINGS)


OWN = Deployment("d-1", NOON)


def newer(seconds: float, creator: str = "user", name: str = "d-2") -> Deployment:
    return Deployment(name, NOON + seconds * SECOND, creator)


@pytest.mark.parametrize("creator", ["user", "codeDeployRollback", "CloudFormation"])
def test_a_newer_deployment_overtakes(creator: str) -> None:
    assert overtaking(OWN, [newer(1, creator)]) == newer(1, creator)


@pytest.mark.parametrize(
    "creator", ["autoscaling", "autoscalingTermination", "CodeDeployAutoUpdate"]
)
def test_instances_that_catch_up_do_not_overtake(creator: str) -> None:
    assert overtaking(OWN, [newer(1, creator)]) is None


def test_an_older_deployment_does_not_overtake() -> None:
    assert overtaking(OWN, [newer(-1)]) is None


def test_the_first_to_overtake_is_named() -> None:
    assert overtaking(OWN, [newer(3, name="d-3"), newer(2, name="d-2")]) == newer(2, name="d-2")


@pytest.mark.parametrize(
    ("began", "overtakes"),
    [(-SECOND, True), (CLOCK_SKEW, True), (CLOCK_SKEW + SECOND, False)],
)
def test_what_began_after_the_capture_is_not_in_the_image(
    began: datetime.timedelta, overtakes: bool
) -> None:
    captured = NOON + 60 * SECOND
    deployment = Deployment("d-2", captured + began)
    assert bool(overtaking(OWN, [deployment], until=captured)) == overtakes
