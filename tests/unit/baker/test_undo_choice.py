"""Which image an undo puts back."""

from __future__ import annotations

from typing import Any

import pytest

from baker.decisions.undo import Request, choose_image
from baker.errors import BakeError, ConfigurationError
from baker.model.image import Image
from unit.baker.samples import a_version, an_image

REPLACED = {"asg-ami-pipeline:undo": "replaced 2026-01-01T00:00:00Z"}


def choose(images: list[Image], request: Request | None = None) -> Image:
    """Each image has a version, the newest, which is launched, the last image's."""
    versions = [a_version(number, image.id) for number, image in enumerate(images, start=1)]
    by_id = {image.id: image for image in images}
    newest_first = versions[::-1]
    return choose_image(request or Request(), newest_first[0], newest_first, by_id, "shop")


def test_the_image_before_the_current_one_is_put_back() -> None:
    assert choose([an_image("ami-1"), an_image("ami-2"), an_image("ami-3")]).id == "ami-2"


def test_what_was_undone_or_cannot_be_launched_is_passed_over() -> None:
    images = [
        an_image("ami-1"),
        an_image("ami-2", tags=REPLACED),
        an_image("ami-3", state="disabled"),
        an_image("ami-4"),
    ]
    assert choose(images).id == "ami-1"


def test_without_an_earlier_image_there_is_nothing_to_undo() -> None:
    with pytest.raises(BakeError, match="no version before ami-1"):
        choose([an_image("ami-1")])


def test_the_image_that_was_asked_for_is_put_back() -> None:
    images = [an_image("ami-1"), an_image("ami-2"), an_image("ami-3")]
    assert choose(images, Request(image="ami-1", bad="ami-3")).id == "ami-1"


@pytest.mark.parametrize(
    ("request_", "complaint"),
    [
        (Request(bad="ami-1"), "launches ami-2, not ami-1: nothing was changed"),
        (Request(image="ami-2"), "launches ami-2 already"),
        (Request(image="ami-9"), "ami-9 is not an image of pipeline shop"),
        (Request(image="ami-1"), "ami-1 is failed: it cannot be launched"),
    ],
)
def test_what_cannot_be_undone_is_refused(request_: Request, complaint: str) -> None:
    with pytest.raises(BakeError, match=complaint):
        choose([an_image("ami-1", state="failed"), an_image("ami-2")], request_)


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        (None, "It is None"),
        ({"images": "ami-1"}, r"has the keys \['images'\]"),
        ({"image": "i-1"}, "image must be the id of an image; it is 'i-1'"),
        ({"bad": 5}, "bad must be the id of an image; it is 5"),
    ],
)
def test_another_event_is_refused(event: Any, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        Request.from_event(event)


def test_both_keys_are_read() -> None:
    event = {"image": "ami-1", "bad": "ami-2"}
    assert Request.from_event(event) == Request("ami-1", "ami-2")
