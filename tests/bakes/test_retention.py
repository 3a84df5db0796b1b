"""What retention removes after a bake, and everything that keeps it from doing so."""

from __future__ import annotations

import copy
import datetime
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from moto.ec2.models import ec2_backends

from baker.limits import RemovalLimits
from baker.model.image import Image, image_name
from bakes import matrix, promise
from local_aws.client import REGION
from local_aws.server_state import server_state
from local_aws.services.ec2.images import Images
from support import fleet
from support.bakes.faults import Calls, Kind, mutates
from support.bakes.service import Service

KEEP = 2
EVERYTHING = {"image", "snapshot", "version"}
DELETIONS = {"DeleteLaunchTemplateVersions", "DeregisterImage", "DeleteSnapshot"}
# What retention reads before it removes anything.
READS = [
    "DescribeImages",
    "DescribeLaunchTemplateVersions",
    "DescribeAutoScalingGroups",
    "DescribeInstances",
    "DescribeImageReferences",
    "DescribeImageAttribute",
]
TAG = "asg-ami-pipeline:"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """One for all: each test makes images of its own, and the next bake removes them."""
    made = Service(capacity=1, KEEP_IMAGES=str(KEEP))
    with made.running():
        bake(made, KEEP)
        yield made


@pytest.fixture
def ec2(service: Service) -> Any:
    return fleet.client(service.aws, "ec2")


@pytest.fixture
def old(service: Service) -> str:
    """The image that the next bake removes."""
    service.bake()
    return image_of(service.versions()[KEEP - 1])


@pytest.fixture(scope="module")
def reads(service: Service) -> dict[str, int]:
    """Retention's reads and their numbers among the calls of a bake that removes an image."""
    bake(service, KEEP)
    calls = matrix.calls_of_a_bake(service)
    operations = [call.operation for call in calls]
    promoted = operations.index("CreateLaunchTemplateVersion")
    return {
        call.operation: number
        for number, call in enumerate(calls)
        if number > promoted and not mutates(call)
    }


def bake(service: Service, times: int) -> list[str]:
    """The executions."""
    return [service.bake() for _ in range(times)]


def watched_bake(
    service: Service, calls: Calls | None = None, **parts: Any
) -> tuple[str, set[str]]:
    """The pipeline's summary of a bake, and the operations that the baker called."""
    calls = service.function.calls = calls or Calls(**parts)
    try:
        execution = service.bake()
    finally:
        service.function.calls = Calls()
    assert calls.faults.keys() == calls.injected
    return summary(service, execution), {call.operation for call in calls.made}


def summary(service: Service, execution: str) -> str:
    return str(service.result(execution)["executionResult"]["externalExecutionSummary"])


def image_of(version: dict[str, Any]) -> str:
    return str(version["LaunchTemplateData"]["ImageId"])


def versions_of(service: Service, image: str) -> list[int]:
    """The numbers of the versions that name an image, the newest first."""
    return [v["VersionNumber"] for v in service.versions() if image_of(v) == image]


def remains(service: Service, image: str) -> set[str]:
    """What there is of an image."""
    found = fleet.client(service.aws, "ec2").describe_images(
        Owners=["self"], Filters=[{"Name": "image-id", "Values": [image]}]
    )
    parts = {
        "image": found["Images"],
        "snapshot": fleet.snapshots_of(service.aws, image),
        "version": versions_of(service, image),
    }
    return {name for name, part in parts.items() if part}


def more_than(service: Service, executions: list[str]) -> list[str]:
    """What there is besides the executions' images, their snapshots, a version each and version 1;
    and what of these there is not."""
    account = promise.Account(service)
    return promise.not_kept(account, executions) + promise.left_behind(account)


def take_image(
    service: Service, wait: bool = True, name: str | None = None, **tags: dict[str, str]
) -> str:
    """Somebody makes an image of an instance of the fleet.

    Args:
        wait: until it is available.
        name: as the pipeline of the tags would call it, if not given.
        tags: by the resource type.
    """
    specifications = [
        {"ResourceType": kind, "Tags": [{"Key": k, "Value": v} for k, v in given.items()]}
        for kind, given in tags.items()
        if given
    ]
    instance = service.deployments.instances()[0]
    own = tags.get("image", {})
    if name is None and f"{TAG}pipeline" in own:
        name = image_name(own[f"{TAG}pipeline"], own[f"{TAG}execution"])
    image = fleet.create_image(
        service.aws,
        instance,
        TagSpecifications=specifications,
        Name=name or fleet.unique("image"),
    )
    if wait:
        for _ in range(2):
            service.settle()
        assert fleet.image_state(service.aws, image) == "available"
    return image


def new_tags(service: Service) -> dict[str, str]:
    """As an image of an execution of the pipeline has them."""
    return {**tags_of(service, service.latest_image()), f"{TAG}execution": str(uuid.uuid4())}


def tags_of(service: Service, image: str) -> dict[str, str]:
    tags = fleet.describe_image(service.aws, image)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in tags}


def just_before(service: Service, operation: str, act: Callable[[], Any]) -> tuple[str, set[str]]:
    """A bake in which something happens once, right before the baker's call of an operation."""
    to_do = [act]

    def pause() -> None:
        if to_do and calls.made[-1].operation == operation:
            to_do.pop()()

    calls = Calls(pause=pause)
    result = watched_bake(service, calls)
    assert not to_do
    return result


# How many stay


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_the_newest_images_stay_each_with_its_snapshot_and_version(
    service: Service, monkeypatch: pytest.MonkeyPatch, keep: int
) -> None:
    monkeypatch.setenv("KEEP_IMAGES", str(keep))
    executions = bake(service, keep + 1)
    assert not more_than(service, executions[-keep:])
    first = service.versions()[-1]
    assert (first["VersionNumber"], first["DefaultVersion"]) == (1, True)


def test_the_summary_tells_what_was_removed(service: Service, old: str) -> None:
    told = "Removed 1 image, 1 snapshot, 1 launch template version: " + old
    assert told in summary(service, service.bake())


def test_one_bake_removes_so_many_images_and_the_next_the_rest(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setenv("KEEP_IMAGES", str(KEEP + 2))
        bake(service, KEEP + 2)
    oldest_first = [image_of(version) for version in reversed(service.versions()[: KEEP + 2])]
    limited = replace(service.function.runtime, removal_limits=RemovalLimits(images=2))
    monkeypatch.setattr(service.function, "runtime", limited)
    bake(service, 1)
    there = [bool(remains(service, image)) for image in oldest_first]
    assert there == [False, False, True, True]
    bake(service, 1)
    assert not remains(service, oldest_first[2])


# What an image is in use for. Each of these begins a use, yields what the summary says of it, and
# ends it.

Use = Callable[[Service, str], AbstractContextManager[str]]


def ends(steps: Callable[[Service, str], Iterator[str]]) -> Use:
    """A use that ends whatever becomes of its test, for the sake of the other tests."""

    @contextmanager
    def use(service: Service, image: str) -> Iterator[str]:
        going = steps(service, image)
        try:
            yield next(going)
        finally:
            next(going, None)

    use.__name__ = steps.__name__
    return use


@ends
def running_instance(service: Service, image: str) -> Iterator[str]:
    instance = fleet.run_instance(service.aws, ImageId=image)
    yield f"instance {instance} was launched from it"
    fleet.client(service.aws, "ec2").terminate_instances(InstanceIds=[instance])
    fleet.eventually(lambda: fleet.instance_state(service.aws, instance), "terminated".__eq__)


@ends
def stopped_instance(service: Service, image: str) -> Iterator[str]:
    with running_instance(service, image) as reason:
        instance = reason.split()[1]
        fleet.client(service.aws, "ec2").stop_instances(InstanceIds=[instance])
        fleet.eventually(lambda: fleet.instance_state(service.aws, instance), "stopped".__eq__)
        yield reason


@ends
def warm_pool(service: Service, image: str) -> Iterator[str]:
    autoscaling = fleet.client(service.aws, "autoscaling")
    name = {"AutoScalingGroupName": service.group}

    def waiting() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = autoscaling.describe_warm_pool(**name)["Instances"]
        return found

    # The service is at rest only when all of a group's instances are in service.
    with mock.patch.object(service, "_is_at_rest", lambda: True):
        autoscaling.put_warm_pool(**name, MinSize=1, MaxGroupPreparedCapacity=1)
        (instance,) = fleet.eventually(
            waiting, lambda found: [i["LifecycleState"] for i in found] == ["Warmed:Stopped"]
        )
        yield f"instance {instance['InstanceId']} was launched from it"
        autoscaling.delete_warm_pool(**name, ForceDelete=True)
        fleet.eventually(
            lambda: fleet.instance_state(service.aws, instance["InstanceId"]), "terminated".__eq__
        )
        fleet.eventually(waiting, lambda found: not found)


@ends
def default_version(service: Service, image: str) -> Iterator[str]:
    ec2, (number,) = fleet.client(service.aws, "ec2"), versions_of(service, image)
    ec2.modify_launch_template(LaunchTemplateId=service.template, DefaultVersion=str(number))
    yield f"launch template version {number} is in use"
    ec2.modify_launch_template(LaunchTemplateId=service.template, DefaultVersion="1")


def delete_group(service: Service, name: str) -> None:
    fleet.client(service.aws, "autoscaling").delete_auto_scaling_group(AutoScalingGroupName=name)


@ends
def pinned_version(service: Service, image: str) -> Iterator[str]:
    (number,) = versions_of(service, image)
    pin = {"LaunchTemplateId": service.template, "Version": str(number)}
    group = fleet.group(service.aws, capacity=0, LaunchTemplate=pin)
    yield f"launch template version {number} is in use"
    delete_group(service, group)


@ends
def pinned_version_of_an_override(service: Service, image: str) -> Iterator[str]:
    (number,) = versions_of(service, image)
    pin = {"LaunchTemplateId": service.template, "Version": str(number)}
    other = {"LaunchTemplateId": fleet.template(service.aws), "Version": "$Latest"}
    override = {"InstanceType": "t3.small", "LaunchTemplateSpecification": pin}
    policy = {"LaunchTemplate": {"LaunchTemplateSpecification": other, "Overrides": [override]}}
    group = fleet.group(service.aws, capacity=0, MixedInstancesPolicy=policy)
    yield f"launch template version {number} is in use"
    delete_group(service, group)


def change_sharing(service: Service, image: str, **change: list[dict[str, str]]) -> None:
    fleet.client(service.aws, "ec2").modify_image_attribute(ImageId=image, LaunchPermission=change)


@ends
def shared(service: Service, image: str) -> Iterator[str]:
    account = {"UserId": "210987654321"}
    change_sharing(service, image, Add=[account])
    yield "it is shared"
    change_sharing(service, image, Remove=[account])


@ends
def public(service: Service, image: str) -> Iterator[str]:
    change_sharing(service, image, Add=[{"Group": "all"}])
    yield "it is public"
    change_sharing(service, image, Remove=[{"Group": "all"}])


@ends
def protection(service: Service, image: str) -> Iterator[str]:
    ec2 = fleet.client(service.aws, "ec2")
    ec2.enable_image_deregistration_protection(ImageId=image)
    yield "it is protected from deregistration"
    ec2.disable_image_deregistration_protection(ImageId=image)


@ends
def parameter(service: Service, image: str) -> Iterator[str]:
    ssm, name = fleet.client(service.aws, "ssm"), fleet.unique("image")
    ssm.put_parameter(Name=name, Value=image, Type="String", DataType="aws:ec2:image")
    yield f":parameter/{name} uses it"
    ssm.delete_parameter(Name=name)


@ends
def another_template(service: Service, image: str) -> Iterator[str]:
    template = fleet.template(service.aws, ImageId=image)
    yield f":launch-template/{template} uses it"
    fleet.client(service.aws, "ec2").delete_launch_template(LaunchTemplateId=template)


@ends
def old_version_of_another_template(service: Service, image: str) -> Iterator[str]:
    """As deep as nobody looks who does not say so."""
    ec2 = fleet.client(service.aws, "ec2")
    with another_template(service, image) as reason:
        template = reason.split("/")[1].split()[0]
        for _ in range(11):
            ec2.create_launch_template_version(
                LaunchTemplateId=template, LaunchTemplateData={"ImageId": "ami-12345678"}
            )
        yield reason


@ends
def undo(service: Service, image: str) -> Iterator[str]:
    ec2, tag = fleet.client(service.aws, "ec2"), {"Key": f"{TAG}undo"}
    value = {"Value": "replaced 2026-01-01T00:00:00.000000Z"}
    ec2.create_tags(Resources=[image], Tags=[{**tag, **value}])
    yield "an undo has replaced it"
    ec2.delete_tags(Resources=[image], Tags=[tag])


@pytest.mark.parametrize(
    "use",
    [
        running_instance,
        stopped_instance,
        warm_pool,
        default_version,
        pinned_version,
        pinned_version_of_an_override,
        shared,
        public,
        protection,
        parameter,
        another_template,
        old_version_of_another_template,
        undo,
    ],
)
def test_an_image_stays_as_long_as_it_is_in_use(service: Service, use: Use) -> None:
    image = service.latest_image()
    with use(service, image) as reason:
        *_, execution = bake(service, KEEP)
        assert remains(service, image) == EVERYTHING
        kept = summary(service, execution).partition("Retained (in use): ")[2]
        assert kept.startswith(f"{image} (")
        assert kept.endswith(f"{reason}).")
    executions = [execution, service.bake()]
    assert not remains(service, image)
    assert not more_than(service, executions)


def test_an_image_in_use_takes_no_place_of_the_newest(service: Service) -> None:
    image = service.latest_image()
    with protection(service, image):
        executions = bake(service, KEEP + 1)
        newest = {i["ImageId"] for e in executions[-KEEP:] for i in service.images(e)}
        assert {i["ImageId"] for i in service.images()} == {image, *newest}
    service.bake()


# Images of others


NAMES: dict[str, Callable[[str], str]] = {
    "another": lambda name: "another",
    "longer": lambda name: f"{name}-2",
    "shorter": lambda name: name[:-1],
    "in capitals": str.upper,
}


@pytest.fixture(scope="module")
def of_others(service: Service) -> dict[str, str]:
    """Images with other pipelines' names and without tags, older than all that stay."""
    tags = tags_of(service, service.latest_image())
    images = {"untagged": take_image(service)}
    for which, name_of in NAMES.items():
        other = {**tags, f"{TAG}pipeline": name_of(service.pipeline.name)}
        images[which] = take_image(service, image=other, snapshot=other)
    bake(service, KEEP + 1)
    return images


@pytest.mark.parametrize("which", ["untagged", *NAMES])
def test_images_of_others_are_not_touched(
    service: Service, of_others: dict[str, str], which: str
) -> None:
    assert remains(service, of_others[which]) == {"image", "snapshot"}


# Failing closed


def test_these_are_the_reads_of_retention(reads: dict[str, int]) -> None:
    """DescribeSnapshots comes after the images are gone, for the snapshots that have none."""
    assert list(reads) == [*READS, "DescribeSnapshots"]


@pytest.mark.parametrize("read", READS)
def test_nothing_is_removed_after_a_read_that_failed(
    service: Service, reads: dict[str, int], old: str, read: str
) -> None:
    told, operations = watched_bake(service, faults={reads[read]: Kind.THROTTLED})
    assert not DELETIONS & operations
    assert "Cleanup skipped: ClientError" in told
    assert f"(Throttling) when calling the {read} operation" in told
    assert remains(service, old) == EVERYTHING
    before = service.latest_image()
    service.bake()
    assert {i["ImageId"] for i in service.images()} == {before, service.latest_image()}
    assert not promise.left_behind(promise.Account(service))


def test_snapshots_without_an_image_stay_when_they_cannot_be_read(
    service: Service, reads: dict[str, int], old: str, ec2: Any
) -> None:
    snapshot = orphan(service, ec2)
    fault = {reads["DescribeSnapshots"]: Kind.THROTTLED}
    told, operations = watched_bake(service, faults=fault)
    assert "DeleteSnapshot" not in operations
    assert "Cleanup skipped: ClientError" in told
    assert f"1 launch template version: {old}" in told, "the image went before"
    assert snapshot in service.snapshots()
    service.bake()
    assert snapshot not in service.snapshots()


@contextmanager
def listing(
    service: Service, noun: str, method: str, change: Callable[[Any], Any]
) -> Iterator[None]:
    """The function's AWS gives a changed list."""
    runtime = service.function.runtime
    aws = copy.copy(runtime.aws)
    lists = copy.copy(getattr(aws, noun))
    complete = getattr(lists, method)
    setattr(lists, method, lambda *args: change(complete(*args)))
    setattr(aws, noun, lists)
    service.function.runtime = replace(runtime, aws=aws)
    try:
        yield
    finally:
        service.function.runtime = runtime


@pytest.mark.parametrize(
    ("noun", "method", "problem"),
    [
        ("images", "of_pipeline", "image {image} is missing in the list of images"),
        (
            "launch_templates",
            "versions",
            "version {version} is missing in the list of launch template versions",
        ),
        ("groups", "all", "{group} is missing in the list of Auto Scaling groups"),
    ],
)
def test_nothing_is_removed_after_a_list_that_lacks_what_must_be_there(
    service: Service, old: str, noun: str, method: str, problem: str
) -> None:
    def is_current(item: Any) -> bool:
        """What the group runs on now."""
        return (
            service.versions()[0]["VersionNumber"] == getattr(item, "number", None)
            or service.latest_image() == getattr(item, "id", None)
            or service.group == getattr(item, "name", None)
        )

    def without_current(found: list[Any]) -> list[Any]:
        return [item for item in found if not is_current(item)]

    with listing(service, noun, method, without_current):
        told, operations = watched_bake(service)
    assert not DELETIONS & operations
    newest = service.versions()[0]
    missing = problem.format(
        image=image_of(newest), version=newest["VersionNumber"], group=service.group
    )
    assert f"Cleanup skipped: BakeError: {missing}." in told
    assert remains(service, old) == EVERYTHING


def test_nothing_is_removed_after_a_list_with_an_image_of_another_account(
    service: Service, old: str
) -> None:
    def with_another(found: list[Image]) -> list[Image]:
        return [*found, *(replace(image, owner_id="210987654321") for image in found[:-1])]

    with listing(service, "images", "of_pipeline", with_another):
        told, operations = watched_bake(service)
    assert not DELETIONS & operations
    assert (
        "Cleanup skipped: BakeError: the list of images contains images of another account." in told
    )
    assert remains(service, old) == EVERYTHING


# A dry run


@pytest.fixture
def dry_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETENTION_DRY_RUN", "true")


def test_a_dry_run_removes_nothing_and_tells_what_it_would(
    service: Service, old: str, dry_run: None
) -> None:
    told, operations = watched_bake(service)
    assert not DELETIONS & operations
    assert remains(service, old) == EVERYTHING
    would = "Would remove (dry run) 1 image, 1 snapshot, 1 launch template version"
    assert told.endswith(f"{would}: {old}.")


def test_a_dry_run_tells_of_snapshots_without_an_image(
    service: Service, ec2: Any, old: str, dry_run: None
) -> None:
    snapshot = orphan(service, ec2)
    told, operations = watched_bake(service)
    assert not DELETIONS & operations
    assert "Would remove (dry run) 1 image, 2 snapshots, 1 launch template version" in told
    assert snapshot in service.snapshots()


# What changes between reading and removing


def test_an_image_stays_when_its_version_cannot_be_deleted(
    service: Service, ec2: Any, old: str
) -> None:
    (number,) = versions_of(service, old)

    def make_default(version: int) -> None:
        ec2.modify_launch_template(LaunchTemplateId=service.template, DefaultVersion=str(version))

    told, operations = just_before(
        service, "DeleteLaunchTemplateVersions", lambda: make_default(number)
    )
    make_default(1)
    assert "DeregisterImage" not in operations
    assert remains(service, old) == EVERYTHING
    assert f"Cleanup skipped: launch template version {number} was not removed: " in told
    assert "Removed" not in told
    service.bake()
    assert not remains(service, old)


def test_an_image_that_was_protected_meanwhile_is_found_again_by_the_next_bakes(
    service: Service, ec2: Any, old: str
) -> None:
    told, _ = just_before(
        service,
        "DeregisterImage",
        lambda: ec2.enable_image_deregistration_protection(ImageId=old),
    )
    assert f"Cleanup skipped: image {old} was not removed: " in told
    assert remains(service, old) == {"image", "snapshot"}
    told = summary(service, service.bake())
    assert f"{old} (it is protected from deregistration)" in told
    assert remains(service, old) == {"image", "snapshot"}
    ec2.disable_image_deregistration_protection(ImageId=old)
    service.bake()
    assert not remains(service, old)


def test_an_image_that_somebody_deregistered_meanwhile_is_none_to_speak_of(
    service: Service, ec2: Any, old: str
) -> None:
    told, _ = just_before(
        service,
        "DeregisterImage",
        lambda: ec2.deregister_image(ImageId=old, DeleteAssociatedSnapshots=True),
    )
    assert not remains(service, old)
    assert "Cleanup skipped" not in told


# Snapshots without an image


def orphan(service: Service, ec2: Any) -> str:
    """The snapshot of an image of the pipeline that an administrator deregistered without it."""
    tags = new_tags(service)
    image = take_image(service, image=tags, snapshot=tags)
    ec2.deregister_image(ImageId=image)
    return age_snapshot(service, image)


def age_snapshot(service: Service, image: str) -> str:
    """The image's snapshot, once an hour has passed for it: a bake, which takes less than a second
    here, looks only at those from before the second in which its own image was made."""
    (found,) = fleet.snapshots_of(service.aws, image)
    snapshot = ec2_backends[server_state.account_id][REGION].snapshots[found["SnapshotId"]]
    snapshot.start_time -= datetime.timedelta(hours=1)
    return str(found["SnapshotId"])


def test_a_snapshot_whose_image_is_gone_goes_with_the_next_bake(
    service: Service, ec2: Any, old: str
) -> None:
    age_snapshot(service, old)
    ec2.deregister_image(ImageId=old)
    assert remains(service, old) == {"snapshot", "version"}
    (number,) = versions_of(service, old)
    ec2.delete_launch_template_versions(LaunchTemplateId=service.template, Versions=[str(number)])
    told = summary(service, service.bake())
    assert not remains(service, old)
    assert told.endswith("Removed 1 snapshot.")


def test_a_snapshot_of_another_pipeline_stays(service: Service, ec2: Any) -> None:
    tags = {**tags_of(service, service.latest_image()), f"{TAG}pipeline": "another"}
    image = take_image(service, image=tags, snapshot=tags)
    age_snapshot(service, image)
    ec2.deregister_image(ImageId=image)
    service.bake()
    assert remains(service, image) == {"snapshot"}


def test_a_snapshot_that_another_image_uses_stays(service: Service, ec2: Any) -> None:
    tags = tags_of(service, service.latest_image())
    image = take_image(service, snapshot=tags)
    snapshot = age_snapshot(service, image)
    told = summary(service, service.bake())
    left = remains(service, image)
    ec2.deregister_image(ImageId=image, DeleteAssociatedSnapshots=True)
    assert left == {"image", "snapshot"}
    assert f"Cleanup skipped: snapshot {snapshot} was not removed: " in told


# Images that no bake finished


def test_an_image_that_no_bake_finished_goes_although_there_is_room(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.bake()
    monkeypatch.setenv("KEEP_IMAGES", "9")
    tags = new_tags(service)
    image = take_image(service, image=tags, snapshot=tags)
    there = {version["VersionNumber"] for version in service.versions()}
    told = summary(service, service.bake())
    assert not remains(service, image)
    assert told.endswith(f"Removed 1 image, 1 snapshot: {image}.")
    assert there < {version["VersionNumber"] for version in service.versions()}


def test_a_copy_with_the_pipelines_tags_stays(service: Service, ec2: Any) -> None:
    image = take_image(service, name=fleet.unique("copy"), image=new_tags(service))
    service.bake()
    assert "image" in remains(service, image)
    ec2.deregister_image(ImageId=image, DeleteAssociatedSnapshots=True)


def test_an_image_stays_while_it_is_being_made(service: Service) -> None:
    tags = new_tags(service)
    image = take_image(service, wait=False, image=tags, snapshot=tags)
    end = Images.end_image

    def end_others(images: Images, one: Any) -> None:
        if one.id != image:
            end(images, one)

    with mock.patch.object(Images, "end_image", end_others):
        told = summary(service, service.bake())
    assert remains(service, image) == {"image", "snapshot"}
    assert f"{image} (it is being made)" in told
    service.bake()
    assert not remains(service, image)


# Versions of others


def make_versions(service: Service, ec2: Any, count: int) -> None:
    """Others make versions on top of the newest, such as Terraform with other settings."""
    for number in range(count):
        ec2.create_launch_template_version(
            LaunchTemplateId=service.template,
            SourceVersion="$Latest",
            VersionDescription=f"of others {number}",
            LaunchTemplateData={},
        )


def test_of_each_image_the_newest_version_stays(service: Service, ec2: Any, old: str) -> None:
    image = service.latest_image()
    make_versions(service, ec2, 2)
    newest, *others = versions_of(service, image)
    assert len(others) == 2
    told = summary(service, service.bake())
    assert versions_of(service, image) == [newest]
    assert f"Removed 1 image, 1 snapshot, 3 launch template versions: {old}." in told


def test_all_versions_of_an_image_go_with_it(service: Service, ec2: Any) -> None:
    image = service.latest_image()
    with default_version(service, image):
        make_versions(service, ec2, 2)
        bake(service, KEEP)
        assert len(versions_of(service, image)) == 2, "$Default and the newest"
    executions = bake(service, 2)
    assert not remains(service, image)
    assert not more_than(service, executions)


def test_one_bake_deletes_200_versions_those_of_images_first_and_the_next_the_rest(
    service: Service, ec2: Any, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = service.latest_image()
    make_versions(service, ec2, 205)
    newest = versions_of(service, image)[0]
    told = summary(service, service.bake())
    assert "200 launch template versions" in told
    assert not remains(service, old)
    # 206, of which 199 went: the 200th was that of the old image.
    assert len(versions_of(service, image)) == 206 - 199
    monkeypatch.setenv("KEEP_IMAGES", str(KEEP + 1))
    service.bake()
    assert versions_of(service, image) == [newest]
