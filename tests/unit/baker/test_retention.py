"""A cleanup reads everything first, removes what retention decides, and never fails a bake."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from baker.errors import BakeError
from baker.limits import RemovalLimits
from baker.model.answer import Promotion, Succeed
from baker.model.image import Image, Snapshot, image_name
from baker.model.instance import Instance
from baker.retention.cleanup import clean
from baker.retention.destroy import follow_terraform
from baker.retention.report import Report
from baker.steps.clean_up import clean_up
from baker.time_limit import OutOfTime
from unit.baker.account import a_bake, an_invocation
from unit.baker.samples import a_group, a_version, an_image

REFUSED = ClientError({"Error": {"Code": "Denied", "Message": "no"}}, "DeregisterImage")
NEWEST = Promotion("ami-3", "lt-1", 4)


def baked(number: int, **parts: Any) -> Image:
    tags = {
        "asg-ami-pipeline:pipeline": "shop",
        "asg-ami-pipeline:execution": f"e-{number}",
    }
    usual = {
        "name": image_name("shop", f"e-{number}"),
        "created": f"2026-01-01T00:{number:02}:00.000Z",
        "tags": tags,
    }
    return an_image(f"ami-{number}", **{**usual, **parts})


def account(*images: Image, **answers: Any) -> dict[str, Any]:
    """Three images with a version each, of which the newest was just promoted; nobody uses the
    others."""
    known = images or tuple(baked(number) for number in (1, 2, 3))
    versions = [a_version(1, "ami-public", default=True)]
    versions += [a_version(1 + int(image.id[-1]), image.id) for image in known]
    return {
        "images.baked_by": list(known),
        "launch_templates.versions": versions[::-1],
        "groups.all": [a_group(name="asg")],
        "instances.filtered": [],
        "images.references": [],
        "images.is_shared": False,
        "launch_templates.delete_versions": {},
        "images.deregister": lambda image: {image.replace("ami", "snap"): "success"},
        "snapshots.of_pipeline": [],
        "snapshots.delete": None,
        **answers,
    }


def cleaned(answers: dict[str, Any], **settings: str) -> tuple[Report, list[str]]:
    """The report, and what was removed."""
    invocation = an_invocation(answers, **{"KEEP_IMAGES": "1", **settings})
    report = clean(invocation, NEWEST)
    removals = ("launch_templates.delete", "images.deregister", "snapshots.delete")
    return report, [call for call in invocation.aws.calls if call.startswith(removals)]


def test_versions_go_before_their_images() -> None:
    report, calls = cleaned(account())
    assert calls == [
        "launch_templates.delete_versions lt-1 [2, 3]",
        "images.deregister ami-1",
        "images.deregister ami-2",
    ]
    assert report == Report(
        images=["ami-1", "ami-2"], snapshots=["snap-1", "snap-2"], versions=[2, 3]
    )


def test_nothing_is_asked_to_be_removed_when_all_are_kept() -> None:
    report, calls = cleaned(account(), KEEP_IMAGES="3")
    assert (str(report), calls) == ("", [])


def test_a_dry_run_only_tells() -> None:
    orphan = Snapshot("snap-9", "completed", datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    report, calls = cleaned(
        account(**{"snapshots.of_pipeline": [orphan]}), RETENTION_DRY_RUN="true"
    )
    assert not calls
    assert str(report) == (
        "Would remove (dry run) 2 images, 3 snapshots, 2 launch template versions: ami-1, ami-2."
    )


def test_a_version_that_stays_keeps_its_image() -> None:
    report, calls = cleaned(account(**{"launch_templates.delete_versions": {2: "in use"}}))
    assert "images.deregister ami-1" not in calls
    assert report.versions == [3]
    assert report.problems == ["launch template version 2 was not removed: in use"]


def test_what_ec2_refuses_is_reported() -> None:
    snapshots = {"snap-2": "internal-error", "snap-2b": "success"}
    orphan = Snapshot("snap-9", "completed", datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))

    def deregister(image: str) -> dict[str, str]:
        if image == "ami-1":
            raise REFUSED
        return snapshots

    report, _ = cleaned(
        account(
            **{
                "images.deregister": deregister,
                "snapshots.of_pipeline": [orphan],
                "snapshots.delete": "in use",
            }
        )
    )
    assert (report.images, report.snapshots) == (["ami-2"], ["snap-2b"])
    first, *others = report.problems
    assert first.startswith("image ami-1 was not removed: An error occurred (Denied)")
    assert others == [
        "snapshot snap-2 of ami-2 was not removed: internal-error",
        "snapshot snap-9 was not removed: in use",
    ]


def test_a_snapshot_whose_image_is_gone_goes() -> None:
    orphan = Snapshot("snap-9", "completed", datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    report, calls = cleaned(account(**{"snapshots.of_pipeline": [orphan]}), KEEP_IMAGES="3")
    assert (report.snapshots, calls) == (["snap-9"], ["snapshots.delete snap-9"])


@pytest.mark.parametrize(
    ("limits", "snapshots"),
    [
        (RemovalLimits(images=1), ["snap-1", "snap-7", "snap-8", "snap-9"]),
        # The image of a version that stays stays too.
        (RemovalLimits(versions=1), ["snap-1", "snap-7", "snap-8", "snap-9"]),
        (RemovalLimits(images=1, snapshots=2), ["snap-1", "snap-7", "snap-8"]),
    ],
)
def test_one_bake_removes_so_much_and_no_more(limits: RemovalLimits, snapshots: list[str]) -> None:
    started = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    orphans = [Snapshot(f"snap-{number}", "completed", started) for number in (7, 8, 9)]
    invocation = an_invocation(account(**{"snapshots.of_pipeline": orphans}), KEEP_IMAGES="1")
    invocation.removal_limits = limits
    report = clean(invocation, NEWEST)
    assert (report.images, report.versions) == (["ami-1"], [2])
    assert report.snapshots == snapshots


@pytest.mark.parametrize(
    ("use", "reason"),
    [
        (
            {"instances.filtered": [Instance("i-1", "ami-1", "stopped", "arm64")]},
            "instance i-1 was launched from it",
        ),
        ({"images.references": [("ami-1", "arn:x:parameter/y")]}, "arn:x:parameter/y uses it"),
        ({"images.is_shared": lambda image: image == "ami-1"}, "it is shared"),
    ],
)
def test_an_image_in_use_stays_with_its_version(use: dict[str, Any], reason: str) -> None:
    report, calls = cleaned(account(**use))
    assert report.retained == {"ami-1": reason}
    assert calls == ["launch_templates.delete_versions lt-1 [3]", "images.deregister ami-2"]


def test_the_own_launch_template_is_no_use() -> None:
    own = [("ami-1", "arn:aws:ec2:us-east-1:123456789012:launch-template/lt-1")]
    report, _ = cleaned(account(**{"images.references": own}))
    assert report.images == ["ami-1", "ami-2"]


@pytest.mark.parametrize(
    ("lists", "problem"),
    [
        ({"images.baked_by": [baked(1), baked(2)]}, "image ami-3 is missing in the list of images"),
        (
            {"images.baked_by": [baked(1, owner_id="2"), baked(3)]},
            "the list of images contains images of another account",
        ),
        (
            {"launch_templates.versions": [a_version(1, "ami-1")]},
            "version 4 is missing in the list of launch template versions",
        ),
        ({"groups.all": []}, "asg is missing in the list of Auto Scaling groups"),
    ],
)
def test_nothing_goes_after_a_list_that_is_not_whole(lists: dict[str, Any], problem: str) -> None:
    report, calls = cleaned(account(**lists))
    assert (report.problems, calls) == ([f"BakeError: {problem}"], [])


def test_a_cleanup_that_runs_out_of_time_ends_with_what_it_did() -> None:
    def too_slow(_: str) -> Any:
        raise OutOfTime

    report, _ = cleaned(account(**{"images.deregister": too_slow}))
    assert report.versions == [2, 3]
    assert report.problems == ["the function's time was nearly over"]


# The bake's answer


def test_a_finished_bake_tells_its_image_and_what_was_removed() -> None:
    bake = a_bake(account(baked(1), baked(3)), promotion=NEWEST)
    bake.settings = an_invocation({}, KEEP_IMAGES="1").settings
    assert clean_up(bake) == Succeed(
        "Image ami-3 is version 4 of lt-1. "
        "Removed 1 image, 1 snapshot, 1 launch template version: ami-1.",
        NEWEST,
    )


def test_a_finished_bake_without_anything_to_remove_tells_its_image_alone() -> None:
    bake = a_bake(account(), promotion=NEWEST)
    assert clean_up(bake) == Succeed("Image ami-3 is version 4 of lt-1", NEWEST)


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (Report(), ""),
        (Report(images=["ami-0"]), "Removed 1 image: ami-0."),
        (Report(snapshots=["snap-1", "snap-2"]), "Removed 2 snapshots."),
        (
            Report(images=[f"ami-{number}" for number in range(7)]),
            "Removed 7 images: ami-0, ami-1, ami-2, ami-3, ami-4 and 2 more.",
        ),
        (
            Report(retained={"ami-1": "it is public"}, problems=["x", "y"]),
            "Retained (in use): ami-1 (it is public). Cleanup skipped: x. Cleanup skipped: y.",
        ),
    ],
)
def test_a_report_in_words(report: Report, text: str) -> None:
    assert str(report) == text


# Before a destroy

DESTROY = {"tf": {"action": "delete"}, "delete_images_on_destroy": True}


@pytest.mark.parametrize(
    "event",
    [
        {"tf": {"action": "create"}, "delete_images_on_destroy": True},
        {"tf": {"action": "update"}, "delete_images_on_destroy": True},
        {"tf": {"action": "delete"}, "delete_images_on_destroy": False},
    ],
)
def test_nothing_is_removed_unless_a_destroy_asks_for_it(event: dict[str, Any]) -> None:
    invocation = an_invocation({})
    assert follow_terraform(lambda: invocation, event) == "No image was removed."
    assert not invocation.aws.calls


def test_before_a_destroy_all_images_go_although_the_own_group_runs_on_them() -> None:
    own = Instance("i-1", "ami-3", "running", "arm64", {"aws:autoscaling:groupName": "asg"})
    invocation = an_invocation(account(**{"instances.filtered": [own]}))
    assert follow_terraform(lambda: invocation, DESTROY) == (
        "Removed 3 images, 3 snapshots: ami-1, ami-2, ami-3."
    )


def test_a_destroy_without_an_image_says_so() -> None:
    invocation = an_invocation({**account(), "images.baked_by": []})
    assert follow_terraform(lambda: invocation, DESTROY) == "There was no image to remove."


def test_a_destroy_fails_while_somebody_uses_an_image() -> None:
    other = Instance("i-1", "ami-3", "running", "arm64")
    invocation = an_invocation(account(**{"instances.filtered": [other]}))
    with pytest.raises(BakeError, match="image ami-3 was not removed: instance i-1 was launched"):
        follow_terraform(lambda: invocation, DESTROY)
