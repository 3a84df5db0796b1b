"""Undo: an earlier image is put back, once, and nothing else changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from unittest import mock

import pytest
from moto.ec2.models import ec2_backends

from baker import entry
from baker.errors import BakeError
from bakes.tally import TALLY
from local_aws.call import Call
from local_aws.client import REGION
from local_aws.server_state import server_state
from support import fleet
from support.bakes.copies import Branch, problems_in_copies
from support.bakes.faults import Calls, CutOff, EachCall, Kind, mutates
from support.bakes.network import watched_by
from support.bakes.service import Context, Service
from support.delivery import bundle

KEEP = 2
BAKED = 3
UNDO_TAG = "asg-ami-pipeline:undo"
PIPELINE_TAG = "asg-ami-pipeline:pipeline"


class Fleet(Service):
    """A service whose first, second, ... image is in `baked`, the last of which is launched."""

    baked: list[str]
    newest_baked: int

    @property
    def ec2(self) -> Any:
        return fleet.client(self.aws, "ec2")

    def bake_images(self, count: int) -> None:
        self.baked = []
        for _ in range(count):
            self.bake()
            self.baked.append(self.latest_image())
        self.newest_baked = self.versions()[0]["VersionNumber"]

    def forget_undos(self) -> None:
        """As if nothing had been undone yet, and no version been made by others."""
        self.ec2.delete_tags(Resources=self.baked, Tags=[{"Key": UNDO_TAG}])
        numbers = [version["VersionNumber"] for version in self.versions()]
        later = [str(number) for number in numbers if number > self.newest_baked]
        if later:
            self.ec2.delete_launch_template_versions(LaunchTemplateId=self.template, Versions=later)
        # On top of a number that was not used, as every other version.
        self.add_version(ImageId=self.baked[-1])

    def undo(self, wish: Any = None, request: str | None = None, calls: Calls | None = None) -> Any:
        """Undo, as an invocation of its own or as a repetition of ``request``."""
        self.settle()
        context = Context(request or fleet.unique("request"))
        with watched_by((calls or Calls()).send):
            event = {"undo": {} if wish is None else wish}
            return entry.handle(self.function.runtime, event, context)

    def add_version(self, **data: str) -> int:
        """As Terraform does with other settings; the version's number."""
        version = self.ec2.create_launch_template_version(
            LaunchTemplateId=self.template, SourceVersion="$Latest", LaunchTemplateData=data
        )["LaunchTemplateVersion"]
        return int(version["VersionNumber"])

    def undo_tag(self, image_id: str) -> str:
        """What an undo did to an image."""
        tags = fleet.describe_image(self.aws, image_id)["Tags"]
        text = {tag["Key"]: tag["Value"] for tag in tags}.get(UNDO_TAG, "")
        return str(text).partition(" ")[0]

    def what_an_undo_may_change(self) -> Any:
        group = fleet.describe(self.aws, self.group)
        return self.versions(), self.images(), group["LaunchTemplate"], group["DesiredCapacity"]

    def make_image(self, pipeline: str | None = None, ends: bool = True) -> str:
        """An image that no bake made; pending, unless it ``ends``."""
        tags = [{"Key": PIPELINE_TAG, "Value": pipeline}] if pipeline else []
        specifications = {"TagSpecifications": [{"ResourceType": "image", "Tags": tags}]}
        source = self.deployments.instances()[0]
        image = fleet.create_image(self.aws, source, **(specifications if tags else {}))
        if ends:
            self.settle()
            self.settle()
        return image

    def launched(self) -> tuple[str, str]:
        """Scale out; the image and the revision of the instance that comes."""
        before = self.deployments.instances()
        fleet.scale(self.aws, self.group, len(before) + 1)
        fleet.in_service(self.aws, self.group, len(before) + 1)
        (instance,) = set(self.deployments.instances()) - set(before)
        described = self.ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]
        revision = self.deployments.files(instance)["/srv/app/VERSION"]
        return described["Instances"][0]["ImageId"], revision


def opened(count: int, **settings: str) -> Iterator[Fleet]:
    # A service sets the environment of the function; another test's has its own.
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ))
        made = Fleet(**{"KEEP_IMAGES": str(BAKED), **settings})
        stack.enter_context(made.running())
        made.bake_images(count)
        yield made


@pytest.fixture
def fresh() -> Iterator[Fleet]:
    yield from opened(BAKED)


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Fleet, dict[str, str]]]:
    for made in opened(BAKED):
        yield made, dict(os.environ)


@pytest.fixture
def service(shared: tuple[Fleet, dict[str, str]]) -> Iterator[Fleet]:
    """One for all tests that neither bake nor scale; nothing was undone yet."""
    made, environment = shared
    made.forget_undos()
    with mock.patch.dict(os.environ, environment):
        yield made


def refused(service: Fleet, wish: Any, text: str) -> None:
    """The undo is refused with a text, and changed nothing."""
    before, calls = service.what_an_undo_may_change(), Calls()
    with pytest.raises(BakeError, match=text):
        service.undo(wish, calls=calls)
    assert service.what_an_undo_may_change() == before
    assert not list(filter(mutates, calls.made))


# What it does


def test_the_previous_image_is_launched(service: Fleet) -> None:
    service.undo()
    assert service.latest_image() == service.baked[-2]


def test_only_the_image_changes(service: Fleet) -> None:
    added = service.add_version(InstanceType="t3.large")
    changed = service.versions()[0]["LaunchTemplateData"]
    service.undo()
    version = service.versions()[0]
    assert version["VersionNumber"] == added + 1
    assert version["LaunchTemplateData"] == {**changed, "ImageId": service.baked[-2]}
    assert version["LaunchTemplateData"]["InstanceType"] == "t3.large"


def test_the_report_says_what_was_done(service: Fleet) -> None:
    report = service.undo()
    number = service.versions()[0]["VersionNumber"]
    summary = report.pop("summary")
    assert report == {
        "image_id": service.baked[-2],
        "launch_template_version": number,
        "replaced_image_id": service.baked[-1],
    }
    assert f"Image {service.baked[-2]} is version {number} of {service.template}" in summary
    assert "deploy the earlier revision" in summary


def test_both_images_say_what_was_done_to_them(service: Fleet) -> None:
    service.undo()
    assert [service.undo_tag(image) for image in service.baked] == ["", "restored", "replaced"]


def test_no_instance_is_touched(service: Fleet) -> None:
    before = fleet.describe(service.aws, service.group)["Instances"]
    service.undo()
    assert fleet.describe(service.aws, service.group)["Instances"] == before


def test_a_second_undo_goes_back_further(service: Fleet) -> None:
    service.undo()
    service.undo()
    assert service.latest_image() == service.baked[-3]
    undone = [service.undo_tag(image) for image in service.baked]
    assert undone == ["restored", "replaced", "replaced"]


def test_an_image_that_is_named_is_put_back(service: Fleet) -> None:
    service.undo({"image": service.baked[0]})
    assert service.latest_image() == service.baked[0]


def test_an_undo_is_taken_back_by_name(service: Fleet) -> None:
    service.undo()
    service.undo({"image": service.baked[-1]})
    assert service.latest_image() == service.baked[-1]


def test_the_guard_lets_the_image_that_is_meant_be_undone(service: Fleet) -> None:
    service.undo({"bad": service.baked[-1]})
    assert service.latest_image() == service.baked[-2]


def test_an_image_that_cannot_be_launched_any_more_is_passed_over(fresh: Fleet) -> None:
    fresh.ec2.deregister_image(ImageId=fresh.baked[-2])
    fresh.undo()
    assert fresh.latest_image() == fresh.baked[-3]


def test_a_bake_puts_its_image_in_again(fresh: Fleet) -> None:
    fresh.undo()
    execution = fresh.bake()
    (image,) = fresh.images(execution)
    assert fresh.latest_image() == image["ImageId"]
    fresh.undo()
    assert fresh.latest_image() == fresh.baked[-2]


# What it refuses


def test_nothing_is_done_when_another_image_is_launched_than_the_bad_one(service: Fleet) -> None:
    bad = service.baked[0]
    refused(service, {"bad": bad}, f"{service.baked[-1]}, not {bad}: nothing was changed")


@pytest.mark.parametrize("pipeline", ["another-pipeline", None])
def test_an_image_that_is_not_the_pipelines_is_refused(
    service: Fleet, pipeline: str | None
) -> None:
    image = service.make_image(pipeline)
    refused(
        service, {"image": image}, f"{image} is not an image of pipeline {service.pipeline.name}"
    )


@pytest.mark.parametrize("image", ["ami-0123456789abcdef0", "ami-x"])
def test_an_image_that_does_not_exist_is_refused(service: Fleet, image: str) -> None:
    refused(service, {"image": image}, f"{image} is not an image of pipeline")


def test_a_deregistered_image_is_refused(service: Fleet) -> None:
    image = service.make_image(service.pipeline.name)
    service.ec2.deregister_image(ImageId=image)
    refused(service, {"image": image}, f"{image} is not an image of pipeline")


@pytest.mark.parametrize("state", ["disabled", "failed", "pending"])
def test_an_image_that_cannot_be_launched_is_refused(service: Fleet, state: str) -> None:
    image = service.make_image(service.pipeline.name)
    found = ec2_backends[server_state.account_id][REGION].amis[image]
    found.state = state
    try:
        with mock.patch.object(service, "settle"):
            refused(service, {"image": image}, f"{image} is {state}: it cannot be launched")
    finally:
        service.ec2.deregister_image(ImageId=image)


def test_the_image_that_is_launched_is_refused(service: Fleet) -> None:
    image = service.baked[-1]
    refused(service, {"image": image}, f"{service.template} launches {image} already")


def test_there_is_nothing_before_the_first_image() -> None:
    for service in opened(1):
        refused(service, {}, f"no version before {service.baked[0]}.*nothing to put back")


def test_there_is_nothing_before_the_oldest_image(service: Fleet) -> None:
    for _ in service.baked[1:]:
        service.undo()
    refused(service, {}, f"no version before {service.baked[0]}.*nothing to put back")


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ("ami-1", "undo must be an object"),
        (["ami-1"], "undo must be an object"),
        (True, "undo must be an object"),
        (None, "undo must be an object"),
        ({"images": "ami-1"}, "undo must be an object with the keys"),
        ({"image": "ami-1", "why": "broken"}, "undo must be an object with the keys"),
        ({"image": "i-1"}, "image must be the id of an image; it is 'i-1'"),
        ({"image": None}, "image must be the id of an image; it is None"),
        ({"image": ["ami-1"]}, "image must be the id of an image"),
        ({"bad": ""}, "bad must be the id of an image; it is ''"),
        ({"bad": 5}, "bad must be the id of an image; it is 5"),
    ],
)
def test_a_malformed_event_is_refused(service: Fleet, wish: Any, text: str) -> None:
    before = service.what_an_undo_may_change()
    with pytest.raises(BakeError, match=text):
        service.function.invoke({"undo": wish})
    assert service.what_an_undo_may_change() == before


def test_an_image_that_is_too_large_for_the_template_is_refused(service: Fleet) -> None:
    (mapping,) = fleet.describe_image(service.aws, service.baked[0])["BlockDeviceMappings"]
    smaller = {"VolumeSize": mapping["Ebs"]["VolumeSize"] - 1}
    service.ec2.create_launch_template_version(
        LaunchTemplateId=service.template,
        SourceVersion="$Latest",
        LaunchTemplateData={
            "BlockDeviceMappings": [{"DeviceName": mapping["DeviceName"], "Ebs": smaller}]
        },
    )
    refused(service, {}, "Set the volume in the launch template")


# Repeated, cut off, overtaken


def test_a_repeated_request_is_done_once(service: Fleet) -> None:
    first = service.undo(request="request-a")
    before = service.what_an_undo_may_change()
    second = service.undo(request="request-a")
    assert service.what_an_undo_may_change() == before
    assert {**second, "replaced_image_id": first["replaced_image_id"]} == first


def test_a_repeated_request_is_done_once_although_somebody_changed_the_template(
    service: Fleet,
) -> None:
    service.undo(request="request-a")
    service.add_version(InstanceType="t3.large")
    before = service.what_an_undo_may_change()
    service.undo(request="request-a")
    assert service.what_an_undo_may_change() == before


def test_a_repeated_request_does_not_undo_a_later_bake(fresh: Fleet) -> None:
    fresh.undo(request="request-a")
    fresh.bake()
    before = fresh.what_an_undo_may_change()
    fresh.undo(request="request-a")
    assert fresh.what_an_undo_may_change() == before


def undo_until_done(service: Fleet, calls: Calls) -> None:
    """An invocation, which Lambda repeats when it fails, with the same request id."""
    request = fleet.unique("request")
    for _ in range(3):
        try:
            service.undo(request=request, calls=calls)
        except (CutOff, Exception):
            continue
        return
    raise AssertionError("three attempts failed")


def problems_of_an_undo(service: Fleet, before: int) -> list[str]:
    problems = []
    made = service.versions()[0]["VersionNumber"] - before
    if made != 1:
        problems.append(f"{made} versions were made")
    if service.latest_image() != service.baked[-2]:
        problems.append(f"{service.latest_image()} is launched")
    tags = [service.undo_tag(image) for image in service.baked]
    if tags != ["", "restored", "replaced"]:
        problems.append(f"the tags are {tags}")
    return problems


def go_wrong(service: Fleet, calls: Calls) -> list[str]:
    before = service.versions()[0]["VersionNumber"]
    try:
        undo_until_done(service, calls)
    finally:
        calls.forget()
    problems = problems_of_an_undo(service, before)
    if calls.injected != set(calls.faults):
        problems.append(f"injected were only {calls.injected}")
    service.forget_undos()
    return problems


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.value)
def test_a_fault_at_any_call(
    service: Fleet, kind: Kind, record_property: Callable[[str, object], None]
) -> None:
    def applies(kind: Kind, call: Call) -> bool:
        return kind is not Kind.STALE or not mutates(call)

    def undo(branch: Branch) -> list[str]:
        return go_wrong(service, EachCall(kind=kind, applies=applies, branch=branch))

    found = problems_in_copies(undo)
    broken = {name: problems for name, problems in found.items() if problems}
    record_property(TALLY, f"{len(found)} faults injected, {len(broken)} lost")
    assert found
    assert not broken


def test_a_repetition_that_does_not_see_what_the_first_attempt_did(service: Fleet) -> None:
    reference = Calls()
    service.undo(calls=reference)
    service.forget_undos()
    operations = [call.operation for call in reference.made]
    made, tagged = operations.index("CreateLaunchTemplateVersion"), operations.index("CreateTags")
    for stale in range(1, tagged + 1):
        reads = {made + nth: Kind.STALE for nth in range(1, stale + 1)}
        calls = Calls({made: Kind.CUT_AFTER, **reads})
        assert not go_wrong(service, calls), f"{stale} stale reads"


def at_point(point: int, do: Callable[[], Any]) -> Calls:
    """Calls between which something happens: before or after one of those that change something."""
    points = iter(range(1, point + 1))

    def pause() -> None:
        if next(points, None) == point:
            do()

    return Calls(pause=pause)


# Before and after each CreateTags, and before CreateLaunchTemplateVersion.
POINTS = range(1, 6)


@pytest.mark.parametrize("point", POINTS)
def test_a_version_that_somebody_else_makes_in_between_is_kept(service: Fleet, point: int) -> None:
    calls = at_point(point, lambda: service.add_version(InstanceType="t3.large"))
    report = service.undo(calls=calls)
    newest, below = service.versions()[:2]
    assert newest["VersionNumber"] == report["launch_template_version"]
    assert newest["LaunchTemplateData"]["ImageId"] == service.baked[-2]
    assert newest["LaunchTemplateData"]["InstanceType"] == "t3.large"
    assert below["LaunchTemplateData"]["InstanceType"] == "t3.large"
    assert report["replaced_image_id"] == service.baked[-1]


@pytest.mark.parametrize("point", POINTS)
def test_two_who_undo_the_same_image_undo_it_once(service: Fleet, point: int) -> None:
    wish = {"bad": service.baked[-1]}
    with pytest.raises(BakeError, match="nothing was changed"):
        service.undo(wish, calls=at_point(point, lambda: service.undo(wish)))
    assert service.latest_image() == service.baked[-2]


def test_a_template_that_others_keep_changing_is_left_to_them(service: Fleet) -> None:
    calls = Calls()

    def pause() -> None:
        if calls.made[-1].operation == "CreateLaunchTemplateVersion":
            service.add_version(ImageId=service.baked[-1])

    calls.pause = pause
    with pytest.raises(BakeError, match="is being changed by others; nothing was put back"):
        service.undo(calls=calls)
    assert service.latest_image() == service.baked[-1]


# What comes after it


def test_retention_keeps_both_images_whatever_their_age() -> None:
    for service in opened(2, KEEP_IMAGES=str(KEEP)):
        older, newer = service.baked
        service.undo()
        service.bake_images(KEEP + 2)
        images = {image["ImageId"] for image in service.images()}
        assert images == {older, newer, *service.baked[-KEEP:]}
        named = {version["LaunchTemplateData"]["ImageId"] for version in service.versions()}
        assert {older, newer} <= named


def fail_after_promotion(service: Fleet) -> str:
    """An execution that fails although its image is launched: its bake is cut off at the end."""
    calls = service.function.calls = Calls()

    def pause() -> None:
        call = calls.made[-1]
        if call.operation == "PutJobSuccessResult" and "outputVariables" in call.parameters:
            raise CutOff

    calls.pause = pause
    execution = service.start()
    fleet.eventually(service.waits_in_vain, bool)
    service.give_up_waiting()
    assert service.finished(execution) == "Failed"
    service.function.calls = Calls()
    return execution


def test_a_retry_of_the_stage_does_not_take_the_undo_back(fresh: Fleet) -> None:
    execution = fail_after_promotion(fresh)
    (undone,) = fresh.images(execution)
    assert fresh.latest_image() == undone["ImageId"]
    fresh.undo()
    number = fresh.versions()[0]["VersionNumber"]

    fresh.retry(execution)

    assert fresh.finished(execution) == "Succeeded"
    assert fresh.latest_image() == fresh.baked[-1]
    assert fresh.versions()[0]["VersionNumber"] == number
    told = fresh.result(execution)["outputVariables"]
    assert told == {"ImageId": undone["ImageId"], "LaunchTemplateVersion": str(number - 1)}


# The image and the revision


def test_an_undo_alone_leaves_the_revision(fresh: Fleet) -> None:
    fresh.undo()
    assert fresh.launched() == (fresh.baked[-2], str(BAKED))


def test_a_deployment_of_the_earlier_revision_alone_leaves_the_image(fresh: Fleet) -> None:
    assert fresh.deployments.deploy(bundle(str(BAKED - 1)))["status"] == "Succeeded"
    assert fresh.launched() == (fresh.baked[-1], str(BAKED - 1))


def test_an_undo_and_a_deployment_take_back_both(fresh: Fleet) -> None:
    fresh.undo()
    assert fresh.deployments.deploy(bundle(str(BAKED - 1)))["status"] == "Succeeded"
    assert fresh.launched() == (fresh.baked[-2], str(BAKED - 1))
