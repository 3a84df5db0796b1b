"""An undo changes every target, once, and on top of what others make meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from baker.errors import BakeError, ConfigurationError
from baker.undo import undo
from unit.baker.samples import an_image
from unit.baker.targets import Templates, an_invocation

IMAGES = [an_image("ami-1"), an_image("ami-2"), an_image("ami-3")]


def asked(*templates: Templates, event: Any = None, request: str = "r-1") -> Any:
    """The report, and the tags that were set."""
    invocation = an_invocation(*templates, images=IMAGES)
    aws: Any = invocation.aws
    return undo(invocation, event or {}, request), aws.images.tags


def test_the_image_before_is_put_back_and_both_are_tagged() -> None:
    template = Templates("ami-1", "ami-2")
    report, tags = asked(template)
    assert template.images == ["ami-1", "ami-2", "ami-1"]
    assert tags == [("ami-1", "restored"), ("ami-2", "replaced")]
    assert report.pop("summary").startswith("Image ami-1 is version 3 of lt-1.")
    assert report == {
        "image_id": "ami-1",
        "launch_template_version": 3,
        "replaced_image_id": "ami-2",
    }


def test_an_image_of_somebody_else_that_was_launched_gets_no_tag() -> None:
    _, tags = asked(Templates("ami-1", "ami-public"))
    assert tags == [("ami-1", "restored")]


def test_a_retry_changes_nothing() -> None:
    template = Templates("ami-1", "ami-2")
    asked(template)
    report, tags = asked(template)
    assert template.images == ["ami-1", "ami-2", "ami-1"]
    assert (report["image_id"], report["replaced_image_id"], tags) == ("ami-1", None, [])


def test_an_undo_begins_again_when_others_change_the_template() -> None:
    template = Templates("ami-1", "ami-2", made_by_others=2)
    report, _ = asked(template)
    assert template.images == ["ami-1", "ami-2", "ami-2", "ami-2", "ami-1"]
    assert report["launch_template_version"] == template.all[-1].number


def test_an_undo_gives_up_when_others_change_the_template_all_the_time() -> None:
    template = Templates("ami-1", "ami-2", made_by_others=9)
    with pytest.raises(BakeError, match="lt-1 is being changed by others"):
        asked(template)
    assert "ami-1" not in template.images[2:]


def test_an_image_that_does_not_fit_is_not_put_back() -> None:
    template = Templates("ami-1", "ami-2")
    template.all[-1].volume_sizes["/dev/xvda"] = 4  # type: ignore[index]
    large = [an_image("ami-1", volume_sizes={"/dev/xvda": 8}), an_image("ami-2")]
    with pytest.raises(ConfigurationError, match="8 GiB on /dev/xvda"):
        undo(an_invocation(template, images=large), {}, "r-1")
    assert template.images == ["ami-1", "ami-2"]


# Two targets


def test_all_targets_get_the_image_that_the_first_one_decides() -> None:
    first, second = Templates("ami-1", "ami-2"), Templates("ami-1", "ami-3", "ami-2")
    report, _ = asked(first, second)
    assert first.images[-1] == second.images[-1] == "ami-1"
    assert (report["launch_template_version"], report["replaced_image_id"]) == (3, "ami-2")


def test_a_target_that_holds_the_image_already_stays_as_it_is() -> None:
    first, second = Templates("ami-1", "ami-2"), Templates("ami-2", "ami-1")
    asked(first, second)
    assert (first.images[-1], second.images) == ("ami-1", ["ami-2", "ami-1"])


def test_a_retry_changes_the_targets_that_were_not_reached() -> None:
    first, second = Templates("ami-1", "ami-2"), Templates("ami-1", "ami-2")
    asked(first)
    for _ in range(2):
        asked(first, second)
    assert first.images == second.images == ["ami-1", "ami-2", "ami-1"]
