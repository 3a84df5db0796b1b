"""What each step does with what it finds; `test_promote` has the promotion."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from baker.aws.commands import CommandResult, Unreachable
from baker.aws.groups import StandbyRefused
from baker.aws.images import NameTaken
from baker.bake import Step, no_image, not_promoted, steps
from baker.errors import BakeError, ConfigurationError, NotYetVisible
from baker.model.answer import ContinuationToken, Continue, Promotion, Succeed
from baker.model.deployment import ActionExecution, Deployment
from baker.model.group import LaunchTemplateReference, Member
from baker.model.image import Image, Snapshot
from baker.model.instance import Instance
from baker.steps.check_overtaken import (
    check_overtaken_before_capture,
    check_overtaken_during_capture,
)
from baker.steps.check_targets import check_targets
from baker.steps.choose_source import choose_source, find_source_in_standby
from baker.steps.create_image import create_image
from baker.steps.discard_image import discard_unusable_image
from baker.steps.enter_standby import enter_standby
from baker.steps.find_image import find_image
from baker.steps.flush_file_systems import flush_file_systems
from baker.steps.return_from_standby import return_orphans, return_source
from baker.steps.wait_for_image import wait_for_image
from baker.targets import Placement
from unit.baker.account import a_bake
from unit.baker.samples import a_group, a_version, an_image

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
OWN = an_image(
    "ami-1", tags={"asg-ami-pipeline:pipeline": "shop", "asg-ami-pipeline:execution": "e-1"}
)
STANDBY = "asg-ami-pipeline:standby"


def instance(state: str = "running", **tags: str) -> Instance:
    return Instance("i-1", "ami-0", state, "arm64", tags)


# The list


def listed(capture: str) -> list[str]:
    return [getattr(step.run, "func", step.run).__name__ for step in steps(capture)]


def test_the_steps_of_a_live_capture() -> None:
    assert listed("live") == [
        "find_image",
        "check_overtaken_before_capture",
        "check_targets",
        "choose_source",
        "flush_file_systems",
        "create_image",
        "wait_for_image",
        "discard_unusable_image",
        "find_promotion",
        "check_overtaken_during_capture",
        "promote",
        "clean_up",
    ]


def test_a_capture_in_standby_leaves_service_and_returns_whatever_happens() -> None:
    assert listed("standby") == [
        "find_image",
        "check_overtaken_before_capture",
        "return_orphans",
        "check_targets",
        "find_source_in_standby",
        "choose_source",
        "enter_standby",
        "create_image",
        "wait_for_image",
        "return_source",
        "discard_unusable_image",
        "find_promotion",
        "check_overtaken_during_capture",
        "promote",
        "clean_up",
    ]
    over = [step for step in steps("standby") if step.even_when_over]
    assert over == [Step(return_source, even_when_over=True)]


@pytest.mark.parametrize(("capture", "reboot"), [("live", False), ("standby", True)])
def test_only_an_instance_in_standby_is_rebooted(capture: str, reboot: bool) -> None:
    (step,) = (step.run for step in steps(capture) if hasattr(step.run, "func"))
    assert step.keywords == {"reboot": reboot}  # type: ignore[attr-defined]


def test_a_capture_ends_with_an_image_and_a_promotion_with_its_version() -> None:
    assert no_image(a_bake({})) and not no_image(a_bake({}, image=OWN))
    promotion = Promotion("ami-1", "lt-1", 2)
    assert not_promoted(a_bake({})) and not not_promoted(a_bake({}, promotion=promotion))


# The image that exists


@pytest.mark.parametrize("images", [[], [OWN]])
def test_the_executions_image_is_found_by_its_name(images: list[Image]) -> None:
    bake = a_bake({"images.own": images})
    assert find_image(bake) is None
    assert bake.image == next(iter(images), None)
    assert bake.aws.calls == ["images.own {'name': ['shop-e-1']}"]


@pytest.mark.parametrize("other", ["pipeline", "execution"])
def test_an_image_of_somebody_else_with_the_name_is_refused(other: str) -> None:
    foreign = an_image("ami-9", tags={**OWN.tags, f"asg-ami-pipeline:{other}": "other"})
    with pytest.raises(BakeError, match="ami-9 has the name shop-e-1 but not the tags"):
        find_image(a_bake({"images.own": [foreign]}))


def test_an_image_that_was_begun_and_is_not_visible_is_awaited() -> None:
    with pytest.raises(NotYetVisible, match="ami-1, which this execution made, is not visible"):
        find_image(a_bake({"images.own": []}, ContinuationToken(image_id="ami-1")))


def test_a_pending_image_is_awaited() -> None:
    answer = wait_for_image(a_bake({}, image=an_image("ami-1", state="pending")))
    assert answer == Continue("Image ami-1 is pending", ContinuationToken(image_id="ami-1"))
    assert wait_for_image(a_bake({}, image=OWN)) is None


# Overtaking


def history(*deployments: Deployment) -> dict[str, Any]:
    deploy = ActionExecution(
        "CodeDeploy",
        "Succeeded",
        NOON,
        {"ApplicationName": "app", "DeploymentGroupName": "group"},
        "d-1",
    )
    return {
        "pipelines.actions": [deploy, ActionExecution("Lambda", "InProgress", NOON)],
        "deployments.ids_since": ["d-1", *(each.id for each in deployments if each.id != "d-1")],
        "deployments.described": list(deployments),
    }


FIRST, SECOND = Deployment("d-1", NOON), Deployment("d-2", NOON + MINUTE)


def test_a_bake_goes_on_while_its_deployment_is_the_newest() -> None:
    bake = a_bake(history(FIRST))
    assert check_overtaken_before_capture(bake) is None
    assert bake.deployment == FIRST
    assert bake.aws.calls[-1] == "deployments.described ['d-1']"


def test_a_bake_ends_when_a_newer_deployment_exists() -> None:
    answer = check_overtaken_before_capture(a_bake(history(FIRST, SECOND)))
    assert answer == Succeed("Superseded by deployment d-2")


def test_a_deployment_that_is_not_visible_is_awaited() -> None:
    with pytest.raises(NotYetVisible, match="d-1 of execution e-1 is not visible"):
        check_overtaken_before_capture(a_bake(history()))


def captured(at: datetime.datetime) -> dict[str, Any]:
    early = Snapshot("snap-0", "completed", NOON)
    return {"snapshots.get": [early, Snapshot("snap-1", "completed", at)]}


def test_an_image_in_which_a_deployment_may_be_mixed_is_deregistered() -> None:
    answers = {
        **history(FIRST, SECOND),
        **captured(NOON + 2 * MINUTE),
        "images.deregister": {"snap-1": "client-error"},
    }
    answer = check_overtaken_during_capture(a_bake(answers, image=OWN))
    assert answer == Succeed(
        "Superseded by deployment d-2; image ami-1 was deregistered, but these snapshots were not "
        "deleted: snap-1 (client-error)"
    )


def test_a_deployment_after_the_capture_does_not_matter() -> None:
    answers = {**history(FIRST, SECOND), **captured(NOON + MINUTE / 2)}
    bake = a_bake(answers, image=OWN)
    assert check_overtaken_during_capture(bake) is None
    assert bake.deployment == FIRST


def test_an_image_without_snapshots_is_refused() -> None:
    with pytest.raises(BakeError, match="ami-1 has no snapshots"):
        check_overtaken_during_capture(
            a_bake(history(FIRST), image=an_image("ami-1", snapshot_ids=()))
        )


# The source


def test_the_group_and_its_targets_are_read_before_anything_is_changed() -> None:
    group, version = a_group(), a_version(3, "ami-0")
    bake = a_bake({"groups.get": group, "launch_templates.latest": version})
    check_targets(bake)
    assert bake.group == group
    assert [place.current for place in bake.placements] == [version]
    assert bake.promotion is None


def test_a_group_that_launches_something_else_is_refused_at_once() -> None:
    other = a_group(launch_template=LaunchTemplateReference("lt-1", "3"))
    with pytest.raises(ConfigurationError, match="launches lt-1 version 3"):
        check_targets(a_bake({"groups.get": other}))


def test_the_instance_that_left_for_the_execution_is_the_source() -> None:
    found = [
        Instance(name, "ami-0", "running", "arm64", {STANDBY: "e-1"}) for name in ("i-2", "i-1")
    ]
    bake = a_bake({"instances.filtered": found})
    find_source_in_standby(bake)
    assert bake.source == "i-1"
    choose_source(bake_of(bake, group=a_group(), deployment=FIRST))
    assert bake.source == "i-1", "it stays the source"


def bake_of(bake: Any, **state: Any) -> Any:
    vars(bake).update(state)
    return bake


def test_an_updated_instance_is_the_source_when_none_left() -> None:
    group = a_group(instances=(Member("i-1"), Member("i-2")))
    bake = a_bake({"deployments.succeeded_targets": {"i-2"}}, group=group, deployment=FIRST)
    choose_source(bake)
    assert bake.source == "i-2"


# The capture


def flushing(**result: Any) -> dict[str, Any]:
    usual = {"finished": True, "succeeded": True, "status": "Success", "error": ""}
    return {"commands.result": CommandResult(**{**usual, **result}), "commands.send": "c-2"}


SENT = ContinuationToken(command_id="c-1", instance_id="i-1")


@pytest.mark.parametrize(
    "token", [ContinuationToken(), ContinuationToken(command_id="c-1", instance_id="i-2")]
)
def test_file_systems_are_flushed_once_for_the_source(token: ContinuationToken) -> None:
    bake = a_bake(flushing(), token, source="i-1")
    answer = flush_file_systems(bake)
    assert isinstance(answer, Continue)
    assert answer.token == ContinuationToken(command_id="c-2", instance_id="i-1")
    assert bake.aws.calls == ["commands.send i-1 sync flush before imaging, e-1"]


def test_a_command_that_has_not_ended_is_awaited() -> None:
    answer = flush_file_systems(a_bake(flushing(finished=False), SENT, source="i-1"))
    assert isinstance(answer, Continue)
    assert answer.token == SENT


def test_a_bake_goes_on_when_the_command_succeeded() -> None:
    assert flush_file_systems(a_bake(flushing(), SENT, source="i-1")) is None


def test_a_command_that_failed_is_told_with_the_end_of_its_error() -> None:
    failed = flushing(succeeded=False, status="TimedOut", error="x" * 600)
    with pytest.raises(BakeError, match="c-1 ended TimedOut. x{500} Retry"):
        flush_file_systems(a_bake(failed, SENT, source="i-1"))


def test_an_instance_that_cannot_be_reached_is_told() -> None:
    with pytest.raises(BakeError, match="cannot reach instance i-1"):
        flush_file_systems(a_bake({"commands.send": Unreachable()}, source="i-1"))


def capturing(**answers: Any) -> Any:
    """A bake that is about to make its image."""
    return a_bake(
        {"instances.get": instance(), "images.find": None, "images.create": "ami-1", **answers},
        source="i-1",
        deployment=FIRST,
        placements=(Placement(None, a_version(2, "ami-0")),),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("reboot", [True, False])
def test_an_image_is_made_of_the_source(reboot: bool) -> None:
    bake = capturing()
    answer = create_image(bake, reboot)
    assert answer == Continue("Making image ami-1 of i-1", ContinuationToken(image_id="ami-1"))
    made = bake.aws.calls[-1]
    assert made.startswith("images.create i-1 shop-e-1 Revision 8f2c1d as deployed by d-1 to i-1")
    assert made.endswith(str(reboot))


def test_a_name_that_is_still_taken_is_tried_again() -> None:
    answer = create_image(capturing(**{"images.create": NameTaken()}), reboot=False)
    assert answer == Continue("Image name shop-e-1 is still reserved; retrying")


def test_no_image_is_made_for_another_architecture() -> None:
    bake = capturing(**{"images.find": an_image("ami-0", architecture="x86_64")})
    with pytest.raises(ConfigurationError, match="i-1 is arm64"):
        create_image(bake, reboot=False)
    assert not [call for call in bake.aws.calls if call.startswith("images.create")]


def test_a_template_without_an_image_takes_any_architecture() -> None:
    bake = capturing()
    bake.placements = (Placement(None, a_version(2, None)),)  # type: ignore[arg-type]
    assert create_image(bake, reboot=False).token.image_id == "ami-1"


def test_an_image_that_ec2_could_not_make_is_deregistered() -> None:
    failed = an_image("ami-1", state="failed", reason="no capacity")
    bake = a_bake({"images.deregister": {"snap-1": "success"}}, image=failed)
    with pytest.raises(BakeError, match="became failed: no capacity. It was deregistered. Retry"):
        discard_unusable_image(bake)
    assert discard_unusable_image(a_bake({}, image=OWN)) is None


# Standby


def leaving(state: str, ec2_state: str = "running", **answers: Any) -> Any:
    """A bake whose source is in a state of the group."""
    group = a_group(
        name="asg", minimum=1, desired=2, instances=(Member("i-1", state), Member("i-2"))
    )
    usual = {
        "instances.get": instance(ec2_state),
        "instances.tag": None,
        "groups.enter_standby": None,
    }
    return a_bake({**usual, **answers}, source="i-1", group=group)


@pytest.mark.parametrize(
    ("state", "ec2_state", "words"),
    [
        ("Standby", "running", None),
        ("Standby", "pending", "Instance i-1 is starting"),
        ("EnteringStandby", "running", "Instance i-1 is EnteringStandby"),
    ],
)
def test_the_source_is_imaged_once_it_runs_in_standby(
    state: str, ec2_state: str, words: str | None
) -> None:
    assert enter_standby(leaving(state, ec2_state)) == (Continue(words) if words else None)


def test_the_source_is_tagged_before_and_after_it_leaves() -> None:
    bake = leaving("InService")
    assert enter_standby(bake) == Continue("Instance i-1 leaves service for Standby")
    tag = f"instances.tag i-1 {STANDBY} e-1"
    assert bake.aws.calls == [tag, "groups.enter_standby asg i-1", tag]


def test_a_source_that_auto_scaling_does_not_let_go_is_tried_again() -> None:
    bake = leaving("InService", **{"groups.enter_standby": StandbyRefused("not now")})
    assert enter_standby(bake) == Continue("Instance i-1 leaves service for Standby")
    assert len(bake.aws.calls) == 2


def test_a_group_that_cannot_spare_the_source_keeps_it() -> None:
    bake = leaving("InService")
    bake.group = a_group(minimum=1, desired=1, instances=(Member("i-1"),))
    with pytest.raises(ConfigurationError, match="cannot spare an instance"):
        enter_standby(bake)
    assert not bake.aws.calls


def returning(state: str, **answers: Any) -> dict[str, Any]:
    """An instance left service for execution e-1, which is over."""
    return {
        "instances.filtered": [instance(**{STANDBY: "e-1"})],
        "pipelines.actions": [],
        "groups.get": a_group(name="asg", instances=(Member("i-1", state),)),
        "instances.get": instance(),
        "groups.exit_standby": None,
        "instances.untag": None,
        **answers,
    }


BACK = ["groups.exit_standby asg i-1", f"instances.untag i-1 {STANDBY}"]


@pytest.mark.parametrize(
    ("state", "changes"), [("Standby", BACK), ("InService", BACK[1:]), ("Pending", BACK[1:])]
)
def test_an_orphan_returns_to_service_and_loses_its_tag(state: str, changes: list[str]) -> None:
    bake = a_bake(returning(state))
    assert return_orphans(bake) is None
    assert [call for call in bake.aws.calls if call in BACK] == changes


@pytest.mark.parametrize(
    ("state", "answers", "words"),
    [
        ("EnteringStandby", {}, "i-1 is still leaving service"),
        ("Standby", {"instances.get": instance("stopped")}, "i-1 is starting; then"),
        (
            "Standby",
            {"groups.exit_standby": StandbyRefused("no room")},
            "i-1 cannot return to service yet: no room",
        ),
    ],
)
@pytest.mark.parametrize("step", [return_orphans, return_source])
def test_an_instance_that_cannot_return_yet_keeps_its_tag(
    step: Any, state: str, answers: dict[str, Any], words: str
) -> None:
    bake = a_bake(returning(state, **answers), ContinuationToken(command_id="c-1"))
    answer = step(bake)
    assert isinstance(answer, Continue)
    assert words in answer.summary
    assert f"instances.untag i-1 {STANDBY}" not in bake.aws.calls


def test_an_instance_whose_execution_goes_on_is_no_orphan() -> None:
    going_on = [ActionExecution("Lambda", "InProgress", NOON)]
    bake = a_bake(returning("Standby", **{"pipelines.actions": going_on}))
    assert return_orphans(bake) is None
    assert not set(BACK) & set(bake.aws.calls)


def test_a_source_that_is_back_needs_nothing() -> None:
    assert return_source(a_bake({"instances.filtered": []})) is None
    assert return_source(a_bake(returning("InService"))) is None


@pytest.mark.parametrize(
    ("image", "token"),
    [(None, ContinuationToken(command_id="c-1")), (OWN, ContinuationToken(image_id="ami-1"))],
)
def test_the_wait_for_a_source_keeps_what_is_known(image: Any, token: ContinuationToken) -> None:
    bake = a_bake(returning("EnteringStandby"), ContinuationToken(command_id="c-1"), image=image)
    answer = return_source(bake)
    assert answer and answer.token == token
