"""An image gets into every target, and an older execution never overwrites a newer one's."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from baker.errors import ConfigurationError
from baker.model.answer import ContinuationToken, Continue, Promotion, Succeed
from baker.model.deployment import Deployment
from baker.model.group import LaunchTemplateReference
from baker.model.image import Image
from baker.model.job import Job
from baker.steps.promote import find_promotion, promote
from baker.steps.state import Bake
from unit.baker.samples import a_group, an_image
from unit.baker.targets import Templates, an_invocation

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
OWN = an_image("ami-own", volume_sizes={"/dev/xvda": 8})


def a_bake(*templates: Templates, launched: Image, **aws: Any) -> Any:
    """A bake of a deployment at noon, that has found its image and read its targets."""
    invocation = an_invocation(*templates, images=[OWN, launched], **aws)
    job = Job("job-1", "e-1", "8f2c1d", ContinuationToken())
    deployment = Deployment("d-1", NOON)
    bake = Bake(**vars(invocation), job=job, image=OWN, deployment=deployment)
    find_promotion(bake)
    return bake


def deployed_at(minute: int, pipeline: str = "shop") -> Image:
    tags = {
        "asg-ami-pipeline:pipeline": pipeline,
        "asg-ami-pipeline:deployed-at": f"2026-01-01T12:{minute:02}:00.000000Z",
    }
    return an_image("ami-launched", tags=tags)


OLDER, NEWER = deployed_at(0), deployed_at(1)


def test_the_image_of_a_newer_deployment_stays_and_the_own_one_goes() -> None:
    template = Templates("ami-launched")
    bake = a_bake(template, launched=NEWER)
    answer = promote(bake)
    assert isinstance(answer, Succeed)
    assert answer.summary.startswith("Superseded by image ami-launched; image ami-own was")
    assert bake.aws.images.deregistered == ["ami-own"]
    assert template.images == ["ami-launched"]


@pytest.mark.parametrize(
    "launched", [OLDER, deployed_at(1, pipeline="other"), an_image("ami-launched")]
)
def test_every_other_image_is_replaced(launched: Image) -> None:
    template = Templates("ami-launched")
    bake = a_bake(template, launched=launched)
    assert promote(bake) is None
    assert template.images == ["ami-launched", "ami-own"]
    assert bake.promotion == Promotion("ami-own", "lt-1", 2)
    assert not bake.aws.images.deregistered


@pytest.mark.parametrize("others", [0, 1])
def test_an_image_that_is_gone_or_that_the_template_never_had_is_replaced(others: int) -> None:
    template = Templates(*["ami-gone"] * others, "")
    assert promote(a_bake(template, launched=OLDER)) is None
    assert template.images[-1] == "ami-own"


def test_what_was_promoted_once_is_not_promoted_again() -> None:
    bake = a_bake(Templates("ami-launched", "ami-own", "ami-later"), launched=OLDER)
    assert bake.promotion == Promotion("ami-own", "lt-1", 2)


def test_a_version_that_others_made_meanwhile_is_kept() -> None:
    template = Templates("ami-launched", made_by_others=1)
    bake = a_bake(template, launched=OLDER)
    answer = promote(bake)
    assert isinstance(answer, Continue)
    assert answer.token == ContinuationToken(image_id="ami-own")
    assert [version.description for version in template.all] == ["", "of others"]
    assert bake.promotion is None


# Two targets


def test_an_image_is_put_into_all_targets_and_the_first_is_reported() -> None:
    first, second = Templates("ami-launched"), Templates("ami-x", "ami-launched")
    bake = a_bake(first, second, launched=OLDER)
    assert promote(bake) is None
    assert first.images[-1] == second.images[-1] == "ami-own"
    assert bake.promotion == Promotion("ami-own", "lt-1", 2)


def test_an_image_is_promoted_only_when_all_targets_hold_it() -> None:
    first, second = Templates("ami-launched", "ami-own"), Templates("ami-launched")
    bake = a_bake(first, second, launched=OLDER)
    assert bake.promotion is None
    assert promote(bake) is None
    assert (first.images, second.images) == (["ami-launched", "ami-own"],) * 2
    assert bake.promotion == Promotion("ami-own", "lt-1", 2)


def test_a_newer_image_in_one_target_keeps_an_older_one_out_of_all() -> None:
    first, second = Templates("ami-x"), Templates("ami-launched")
    bake = a_bake(first, second, launched=NEWER)
    assert isinstance(promote(bake), Succeed)
    assert (first.images, second.images) == (["ami-x"], ["ami-launched"])
    assert bake.aws.images.deregistered == ["ami-own"]


def test_an_image_that_one_target_holds_is_not_deregistered() -> None:
    first, second = Templates("ami-own"), Templates("ami-launched")
    bake = a_bake(first, second, launched=NEWER)
    answer = promote(bake)
    assert answer == Succeed("Superseded by image ami-launched")
    assert not bake.aws.images.deregistered
    assert second.images == ["ami-launched"]


def test_no_target_is_changed_when_the_image_does_not_fit_one() -> None:
    first, second = Templates("ami-launched"), Templates("ami-launched")
    second.all[0].volume_sizes["/dev/xvda"] = 4  # type: ignore[index]
    with pytest.raises(ConfigurationError, match="8 GiB on /dev/xvda"):
        promote(a_bake(first, second, launched=OLDER))
    assert first.images == second.images == ["ami-launched"]


def test_no_target_is_changed_when_the_group_launches_something_else() -> None:
    other = a_group(launch_template=LaunchTemplateReference("lt-other", "$Latest"))
    template = Templates("ami-launched")
    bake = a_bake(template, launched=OLDER, groups=SimpleNamespace(get=lambda _: other))
    with pytest.raises(ConfigurationError, match="launches lt-other"):
        promote(bake)
    assert template.images == ["ami-launched"]
