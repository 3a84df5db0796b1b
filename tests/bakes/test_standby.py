"""Standby: an instance is out of service while it is imaged, and comes back whatever happens."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import pytest

from baker import entry
from bakes import promise
from bakes.tally import TALLY
from local_aws.call import Call
from local_aws.services.autoscaling import groups
from support import fleet
from support.bakes.copies import Branch, problems_in_copies
from support.bakes.faults import Calls, CutOff, EachCall, Kind, mutates
from support.bakes.network import watched_by
from support.bakes.service import Context, Service
from support.delivery import bundle

MOST = 5


class Fleet(Service):
    """A service whose calls can be looked at."""

    def members(self) -> dict[str, str]:
        """Lifecycle state by instance."""
        members = fleet.members(self.aws, self.group)
        return {member["InstanceId"]: member["LifecycleState"] for member in members}

    def out_of_service(self) -> list[str]:
        return sorted(i for i, state in self.members().items() if state != "InService")

    def resize(self, **sizes: int) -> None:
        fleet.client(self.aws, "autoscaling").update_auto_scaling_group(
            AutoScalingGroupName=self.group, **sizes
        )

    def left_behind(self) -> list[str]:
        """What is left of Standby; an image that nobody needs is another matter."""
        problems = promise.left_behind(promise.Account(self))
        return [problem for problem in problems if "snapshot" not in problem]

    def follow_schedule(self, times: int = 3, calls: Calls | None = None) -> list[Any]:
        """What the function's own schedule does, some time later; its answers."""
        answers = []
        for _ in range(times):
            self.settle()
            with watched_by((calls or Calls()).send):
                context = Context(fleet.unique("request"))
                answers.append(
                    entry.handle(self.function.runtime, {"return_to_service": {}}, context)
                )
        return answers

    def fail(self, calls: Calls) -> str:
        """An execution whose bake goes wrong, and that nobody retries."""
        self.function.calls = calls
        execution = self.start()
        fleet.eventually(
            lambda: self.waits_in_vain() or self.status(execution) != "InProgress", bool
        )
        if self.status(execution) == "InProgress":
            self.give_up_waiting()
        self.finished(execution)
        self.function.calls = Calls()
        return execution

    def summary(self, execution: str) -> str:
        """What the pipeline says of the bake."""
        bake = self.pipeline.actions(execution).get("Bake", {}).get("output", {})
        return str(bake.get("executionResult", {}).get("externalExecutionSummary"))

    def message(self, execution: str) -> str:
        details = self.pipeline.actions(execution)["Bake"]["output"]["executionResult"]
        return str(details.get("errorDetails", details))


@contextmanager
def opened(capacity: int = 2, **settings: str) -> Iterator[Fleet]:
    # A service sets the environment of the function; another test's has its own.
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ))
        made = Fleet(capacity, CAPTURE="standby", **settings)
        stack.enter_context(made.running())
        yield made
        made.aws.set_conditions(image_failure=None)


@pytest.fixture
def service() -> Iterator[Fleet]:
    with opened() as made:
        yield made


def at(point: int, operation: str, do: Callable[[], Any]) -> Calls:
    """Calls in which something happens once, at a point of the first call of an operation."""
    points = iter(range(1, 3))
    calls = Calls()

    def pause() -> None:
        if calls.made[-1].operation == operation and next(points, None) == point:
            do()

    calls.pause = pause
    return calls


def before(operation: str, do: Callable[[], Any]) -> Calls:
    return at(1, operation, do)


def after(operation: str, do: Callable[[], Any]) -> Calls:
    return at(2, operation, do)


def cut_off() -> None:
    raise CutOff


def leave_one_out(service: Fleet) -> str:
    """The instance that a bake left in Standby, as it was cut off there."""
    execution = service.fail(after("EnterStandby", cut_off))
    assert service.status(execution) == "Failed"
    service.settle()
    (instance,) = service.out_of_service()
    return instance


# A bake


def test_the_instance_is_out_of_service_while_it_is_imaged(service: Fleet) -> None:
    seen: list[dict[str, str]] = []
    calls = service.function.calls = before("CreateImage", lambda: seen.append(service.members()))
    service.bake()
    (create,) = [call for call in calls.made if call.operation == "CreateImage"]
    (members,) = seen
    assert members.pop(create.parameters["InstanceId"]) == "Standby"
    assert set(members.values()) == {"InService"}


def test_the_image_is_made_with_a_reboot(service: Fleet) -> None:
    calls = service.function.calls = Calls()
    service.bake()
    (create,) = [call for call in calls.made if call.operation == "CreateImage"]
    assert create.parameters["NoReboot"] is False


def test_the_group_is_as_before(service: Fleet) -> None:
    members = service.members()
    service.bake()
    assert not service.left_behind()
    assert service.members() == members


def test_the_target_is_as_before(service: Fleet) -> None:
    elbv2 = fleet.client(service.aws, "elbv2")
    vpc = fleet.client(service.aws, "ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    target_group = elbv2.create_target_group(
        Name=fleet.unique("targets"), Protocol="HTTP", Port=80, VpcId=vpc
    )["TargetGroups"][0]["TargetGroupArn"]
    fleet.client(service.aws, "autoscaling").attach_load_balancer_target_groups(
        AutoScalingGroupName=service.group, TargetGroupARNs=[target_group]
    )

    def targets() -> list[str]:
        health = elbv2.describe_target_health(TargetGroupArn=target_group)
        return sorted(d["Target"]["Id"] for d in health["TargetHealthDescriptions"])

    fleet.eventually(targets, sorted(service.members()).__eq__)
    seen: list[list[str]] = []
    service.function.calls = before("CreateImage", lambda: seen.append(targets()))
    service.bake()
    assert len(seen[0]) == 1
    fleet.eventually(targets, sorted(service.members()).__eq__)


# A group that cannot spare an instance


@pytest.mark.parametrize(
    ("capacity", "least", "suspended", "text"),
    [
        (2, 2, [], "its desired capacity is 2 and its minimum is 2"),
        (1, 0, [], "it has 1 in service"),
        (2, 0, ["Launch"], "The process Launch of Auto Scaling group .* is suspended"),
    ],
)
def test_a_group_that_cannot_spare_one_is_left_alone(
    capacity: int, least: int, suspended: list[str], text: str
) -> None:
    with opened(capacity) as service:
        service.resize(MinSize=least)
        if suspended:
            fleet.client(service.aws, "autoscaling").suspend_processes(
                AutoScalingGroupName=service.group, ScalingProcesses=suspended
            )
        calls = Calls()
        execution = service.fail(calls)
        message = service.message(execution)
        assert re.search(text, message)
        assert "Nothing was changed" in message
        changing = [call.operation for call in calls.made if mutates(call)]
        assert changing == ["PutJobFailureResult"]
        assert not service.left_behind()


# A bake that does not come to its end


def test_an_instance_is_back_before_a_failed_image_is_told(service: Fleet) -> None:
    service.aws.set_conditions(image_failure="the volume could not be read")
    told: list[list[str]] = []
    calls = before(
        "PutJobFailureResult",
        lambda: told.append(fleet.eventually(service.out_of_service, [].__eq__)),
    )
    execution = service.fail(calls)
    assert "the volume could not be read" in service.message(execution)
    assert told == [[]]
    assert not service.left_behind()


def test_an_instance_returns_when_its_bake_is_overtaken(service: Fleet) -> None:
    calls = after("EnterStandby", lambda: service.deployments.deploy(bundle("newer")))
    service.function.calls = calls
    execution = service.bake()
    assert "EnterStandby" in [call.operation for call in calls.made]
    assert service.summary(execution).startswith("Superseded by deployment")
    assert not service.images(execution)
    assert not service.left_behind()


@pytest.mark.parametrize("kind", [Kind.CUT_BEFORE, Kind.CUT_AFTER], ids=lambda kind: kind.value)
def test_the_schedule_puts_back_what_a_bake_left_wherever_it_was_cut_off(
    service: Fleet, kind: Kind, record_property: Callable[[str, object], None]
) -> None:
    def applies(kind: Kind, call: Call) -> bool:
        # Cut off after a read is what cut off before it is: nothing was changed in between.
        return kind is Kind.CUT_BEFORE or mutates(call)

    def bake(branch: Branch) -> list[str]:
        service.fail(EachCall(kind=kind, applies=applies, branch=branch))
        service.follow_schedule()
        return service.left_behind()

    found = problems_in_copies(bake)
    broken = {name: problems for name, problems in found.items() if problems}
    record_property(TALLY, f"{len(found)} faults injected, {len(broken)} left behind")
    assert found
    assert not broken


def test_the_schedule_leaves_a_bake_that_is_under_way_alone(service: Fleet) -> None:
    seen: list[Any] = []

    def look() -> None:
        was = service.members()
        schedule = Calls()
        seen.append(service.follow_schedule(1, schedule))
        assert service.members() == was
        assert not list(filter(mutates, schedule.made))

    service.function.calls = after("CreateImage", look)
    service.bake()
    assert seen == [[{"waiting": []}]]


def test_the_schedule_has_nothing_to_do_after_a_bake(service: Fleet) -> None:
    service.bake()
    schedule = Calls()
    assert service.follow_schedule(1, schedule) == [{"waiting": []}]
    assert not list(filter(mutates, schedule.made))


@pytest.mark.parametrize("seconds", [5, 2_000])
@pytest.mark.parametrize("capacity", [2, 3])
def test_the_next_bake_puts_back_what_an_earlier_one_left(capacity: int, seconds: int) -> None:
    with opened(capacity) as service:
        leave_one_out(service)
        with mock.patch.object(groups, "STANDBY_SECONDS", seconds):
            service.bake()
        assert not service.left_behind()


def test_two_instances_never_stay_out() -> None:
    with opened(3) as service:
        first = leave_one_out(service)
        second = leave_one_out(service)
        assert service.members()[first] == ("Standby" if first == second else "InService")
        service.follow_schedule()
        assert not service.left_behind()


def test_a_bake_waits_for_an_instance_that_an_earlier_one_left() -> None:
    with opened(3) as service:
        leave_one_out(service)
        service.resize(MaxSize=3)
        fleet.scale(service.aws, service.group, 3)
        calls = service.function.calls = Calls()
        execution = service.start()
        fleet.eventually(
            lambda: service.summary(execution), lambda text: "cannot return to service" in text
        )
        assert "EnterStandby" not in [call.operation for call in calls.made]
        service.resize(MaxSize=MOST)
        assert service.finished(execution) == "Succeeded"
        service.desired = 4
        assert not service.left_behind()


# A group that is full


def fill(service: Fleet) -> None:
    """A scale-out takes the room of the instance that is out."""
    service.resize(MaxSize=2)
    fleet.scale(service.aws, service.group, 2)


def test_a_full_group_is_waited_for_and_the_pipeline_says_so(service: Fleet) -> None:
    service.function.calls = after("CreateImage", lambda: fill(service))
    execution = service.start()
    fleet.eventually(
        lambda: service.summary(execution), lambda text: "cannot return to service yet" in text
    )
    assert service.status(execution) == "InProgress"
    fleet.eventually(service.out_of_service, lambda out: len(out) == 1)

    service.resize(MaxSize=MOST)

    assert service.finished(execution) == "Succeeded"
    service.desired = 3
    assert not service.left_behind()


def test_the_schedule_waits_for_room_as_well(service: Fleet) -> None:
    instance = leave_one_out(service)
    fill(service)
    (answer,) = service.follow_schedule(1)
    (waiting,) = answer["waiting"]
    assert f"Instance {instance} cannot return to service yet" in waiting

    service.resize(MaxSize=MOST)

    assert service.follow_schedule(2)[1] == {"waiting": []}
    service.desired = 3
    assert not service.left_behind()
