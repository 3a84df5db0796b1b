"""What goes and what stays, decided without AWS."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baker.decisions.expiry import (
    Inventory,
    expired_images,
    expired_versions,
    orphaned_snapshots,
    reasons_to_keep,
    still_named,
    versions_in_use,
)
from baker.model.group import LaunchTemplateReference, Member
from baker.model.image import Image, Snapshot
from unit.baker.samples import a_group, a_version, an_image


def image(number: int, **parts: Any) -> Image:
    """The image made in minute ``number``."""
    return an_image(f"ami-{number}", created=f"2026-01-01T00:{number:02}:00.000Z", **parts)


def inventory(images: list[Image], **parts: Any) -> Inventory:
    """The newest image is launched; version 1, the default, has a public image and every image of
    the list the version after its number."""
    versions = [a_version(1, "ami-public", default=True)]
    versions += [a_version(1 + int(i.id.removeprefix("ami-")), i.id) for i in images]
    everything = {"images": images, "versions": versions, "groups": [a_group()], **parts}
    return Inventory(current=max(images, key=lambda image: image.created), **everything)


def names(images: list[Image]) -> list[str]:
    return [image.id for image in images]


def test_the_newest_images_are_kept_and_the_oldest_goes_first() -> None:
    assert names(expired_images(inventory([image(n) for n in range(1, 8)]), 5)) == [
        "ami-1",
        "ami-2",
    ]
    assert not expired_images(inventory([image(n) for n in range(1, 6)]), 5)


def test_images_of_one_second_are_put_in_order_by_their_deployments() -> None:
    images = [
        an_image(f"ami-{n}", tags={"asg-ami-pipeline:deployed-at": f"2026-01-01T00:00:0{n}Z"})
        for n in (2, 3, 1)
    ]
    known = inventory(images)
    current = Inventory(images[1], images, known.versions, known.groups)
    assert names(expired_images(current, 2)) == ["ami-1"]


def test_an_image_that_no_bake_finished_goes_and_counts_for_nothing() -> None:
    images = [image(n) for n in range(1, 7)]
    known = inventory(images)
    unfinished = [version for version in known.versions if version.image_id != "ami-4"]
    assert names(expired_images(inventory(images, versions=unfinished), 5)) == ["ami-4"]


def test_an_image_from_before_the_template_was_made_is_an_image_like_others() -> None:
    images = [an_image("ami-0", created="2025-12-31T00:00:00.000Z"), image(1)]
    assert not expired_images(inventory(images, versions=[a_version(2, "ami-1", default=True)]), 5)


def test_a_failed_image_goes_and_counts_for_nothing() -> None:
    images = [image(1), image(2, state="failed"), image(3)]
    assert names(expired_images(inventory(images), 2)) == ["ami-2"]


def test_an_image_younger_than_the_current_one_is_not_looked_at() -> None:
    known = inventory([image(1), image(2), image(3)])
    older = Inventory(known.images[1], known.images, known.versions, known.groups)
    assert names(expired_images(older, 1)) == ["ami-1"]


def test_an_undo_protects_both_images_and_takes_no_place_of_others() -> None:
    replaced = {"asg-ami-pipeline:undo": "replaced 2026-01-01T00:09:00.000Z"}
    known = inventory([image(1), image(2, tags=replaced), image(3)])
    assert names(expired_images(known, 2)) == ["ami-2"]
    assert reasons_to_keep(known, set())["ami-2"] == "an undo has replaced it"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"deregistration_protected": True}, "it is protected from deregistration"),
        ({"public": True}, "it is public"),
        ({"state": "pending"}, "it is being made"),
    ],
)
def test_what_an_image_says_of_itself_protects_it(parts: dict[str, Any], reason: str) -> None:
    known = inventory([image(1, **parts), image(2)])
    assert reasons_to_keep(known, set()) == {
        "ami-1": reason,
        "ami-2": "new instances launch from it",
    }


OWN = LaunchTemplateReference("lt-1", "2")


@pytest.mark.parametrize(
    "pinning",
    [
        {"launch_template": OWN},
        {"override_templates": (LaunchTemplateReference("lt-9", "2"), OWN)},
    ],
    ids=["template", "override"],
)
def test_the_version_that_any_group_names_by_number_is_used(pinning: dict[str, Any]) -> None:
    groups = [a_group(), a_group(name="other", **pinning)]
    known = inventory([image(n) for n in range(1, 4)], groups=groups)
    assert versions_in_use(known) == {1, 2, 4}
    assert reasons_to_keep(known, {2})["ami-1"] == "launch template version 2 is in use"


@pytest.mark.parametrize(
    "other", [LaunchTemplateReference("lt-2", "2"), LaunchTemplateReference(None, "$Default"), None]
)
def test_another_template_uses_no_version_of_this_one(other: Any) -> None:
    known = inventory([image(1), image(2)], groups=[a_group(launch_template=other)])
    assert versions_in_use(known) == {1, 3}


@pytest.mark.parametrize(
    "naming",
    [{"override_image_ids": ("ami-1",)}, {"instances": (Member("i-1", image_id="ami-1"),)}],
    ids=["override", "replaced root volume"],
)
def test_an_image_that_a_group_names_is_protected(naming: dict[str, Any]) -> None:
    known = inventory([image(1), image(2)], groups=[a_group(), a_group(**naming)])
    assert reasons_to_keep(known, set())["ami-1"] == "Auto Scaling group shop uses it"


def test_the_versions_of_an_image_go_with_it() -> None:
    known = inventory([image(1), image(2), image(3)])
    assert expired_versions(known, versions_in_use(known), {"ami-1"}, 5) == [2]


def test_of_an_image_that_stays_the_newest_version_stays() -> None:
    versions = [
        a_version(1, "ami-public", default=True),
        a_version(2, "ami-1"),
        a_version(3, "ami-1"),
        a_version(4, "ami-2"),
        a_version(5, "ami-2"),
    ]
    known = inventory([image(1), image(2)], versions=versions)
    assert expired_versions(known, versions_in_use(known), set(), 5) == [2, 4]


def test_of_other_images_the_newest_versions_stay() -> None:
    versions = [a_version(1, "ami-public", default=True)]
    versions += [a_version(n, f"ami-other-{n}") for n in range(2, 6)] + [a_version(6, "ami-1")]
    known = inventory([image(1)], versions=versions)
    assert expired_versions(known, versions_in_use(known), set(), 2) == [2, 3]


@given(
    count=st.integers(1, 30),
    keep=st.integers(1, 10),
    used=st.sets(st.integers(1, 31)),
    going=st.sets(st.integers(1, 29)),
)
def test_what_is_used_always_stays(count: int, keep: int, used: set[int], going: set[int]) -> None:
    known = inventory([image(n) for n in range(1, count + 1)])
    used |= versions_in_use(known)
    reasons = reasons_to_keep(known, used)
    removable = [i for i in expired_images(known, keep) if i.id not in reasons]
    assert known.current not in removable
    assert len(known.images) - len(removable) >= min(keep, count)
    chosen = {i.id for i in removable if int(i.id.removeprefix("ami-")) in going}
    pruned = set(expired_versions(known, used, chosen, keep))
    assert not pruned & used
    left = {v.image_id for v in known.versions if v.number not in pruned}
    assert not left & chosen
    assert {i.id for i in known.images} - chosen <= left


def test_the_versions_of_images_that_go_come_first() -> None:
    versions = [
        a_version(1, "ami-public", default=True),
        a_version(2, "ami-2"),
        a_version(3, "ami-1"),
        a_version(4, "ami-2"),
        a_version(5, "ami-3"),
    ]
    known = inventory([image(1), image(2), image(3)], versions=versions)
    assert expired_versions(known, versions_in_use(known), {"ami-1"}, 5) == [3, 2]


def test_an_image_stays_as_long_as_a_version_names_it() -> None:
    known = inventory([image(1), image(2), image(3)])
    assert still_named(known, {"ami-1", "ami-2"}, {2}) == {"ami-2"}


def snapshot(name: str, execution: str = "", state: str = "completed", minute: int = 0) -> Snapshot:
    tags = {"asg-ami-pipeline:execution": execution} if execution else {}
    started = datetime.datetime(2026, 1, 1, 0, minute, tzinfo=datetime.UTC)
    return Snapshot(name, state, started, tags)


def test_a_snapshot_whose_image_is_gone_is_orphaned() -> None:
    pending = image(2, state="pending", tags={"asg-ami-pipeline:execution": "e-2"})
    snapshots = [
        snapshot("snap-1"),
        snapshot("snap-orphan"),
        snapshot("snap-being-made", execution="e-2"),
        snapshot("snap-pending", state="pending"),
        snapshot("snap-young", minute=9),
    ]
    current = image(5)
    assert orphaned_snapshots(snapshots, [image(1), pending], current) == ["snap-orphan"]
    everything = orphaned_snapshots(snapshots, [image(1), pending], None)
    assert everything == ["snap-orphan", "snap-young"]
