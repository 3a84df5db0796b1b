"""An older execution never overwrites the image of a newer one."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from baker.limits import RemovalLimits
from baker.model.answer import ContinuationToken, Promotion, Succeed
from baker.model.deployment import Deployment
from baker.model.image import Image
from baker.model.job import Job
from baker.steps.promote import promote
from baker.steps.state import Bake
from baker.targets import Placement
from unit.baker.samples import a_group, a_settings, a_version, an_image

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
OWN = an_image("ami-own")


class Target:
    """Takes every image, and remembers it."""

    def __init__(self) -> None:
        self.put_here: list[str] = []

    def check_launched_by(self, group: object) -> None:
        """The group launches from it."""

    def put(self, current: object, image: Image, why: str) -> Promotion:
        self.put_here.append(image.id)
        return Promotion(image.id, "lt-1", 3)


def a_bake(launched: Image, target: Target, deregistered: list[str]) -> Any:
    """A bake of a deployment at noon, while the launch template names ``launched``."""
    images = SimpleNamespace(
        find=lambda _: launched, deregister=lambda image: deregistered.append(image) or {}
    )
    groups = SimpleNamespace(get=lambda _: a_group())
    aws: Any = SimpleNamespace(images=images, groups=groups)
    job = Job("job-1", "e-1", "8f2c1d", ContinuationToken())
    place: Any = Placement(target, a_version(2, launched.id))  # type: ignore[arg-type]
    return Bake(
        aws,
        a_settings(),
        job,
        RemovalLimits(),
        image=OWN,
        deployment=Deployment("d-1", NOON),
        placements=(place,),
    )


def deployed_at(minute: int, pipeline: str = "shop") -> Image:
    tags = {
        "asg-ami-pipeline:pipeline": pipeline,
        "asg-ami-pipeline:deployed-at": f"2026-01-01T12:{minute:02}:00.000000Z",
    }
    return an_image("ami-launched", tags=tags)


def test_the_image_of_a_newer_deployment_stays_and_the_own_one_goes() -> None:
    target, deregistered = Target(), list[str]()
    answer = promote(a_bake(deployed_at(1), target, deregistered))
    assert isinstance(answer, Succeed)
    assert answer.summary.startswith("Superseded by image ami-launched; image ami-own was")
    assert (target.put_here, deregistered) == ([], ["ami-own"])


@pytest.mark.parametrize(
    "launched", [deployed_at(0), deployed_at(1, pipeline="other"), an_image("ami-public")]
)
def test_every_other_image_is_replaced(launched: Image) -> None:
    target, deregistered = Target(), list[str]()
    bake = a_bake(launched, target, deregistered)
    assert promote(bake) is None
    assert (target.put_here, deregistered) == (["ami-own"], [])
    assert bake.promotion == Promotion("ami-own", "lt-1", 3)
