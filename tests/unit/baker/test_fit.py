from __future__ import annotations

import pytest

from baker.decisions.fit import (
    check_architecture,
    check_group_launches_latest,
    check_volumes,
)
from baker.errors import ConfigurationError
from baker.model.group import LaunchTemplateReference
from baker.model.image import Image
from baker.model.instance import Instance
from baker.model.launch_template import LaunchTemplateVersion
from unit.baker.samples import a_group, a_version, an_image


def test_a_group_on_the_latest_version_launches_the_new_image() -> None:
    check_group_launches_latest(a_group(), "lt-1")


@pytest.mark.parametrize(
    ("template", "launches"),
    [
        (LaunchTemplateReference("lt-1", "3"), "launches lt-1 version 3"),
        (LaunchTemplateReference("lt-1", "$Default"), r"launches lt-1 version \$Default"),
        (LaunchTemplateReference("lt-2", "$Latest"), r"launches lt-2 version \$Latest"),
        (None, "launches no launch template"),
    ],
)
def test_a_group_that_would_not_launch_the_new_image_is_refused(
    template: LaunchTemplateReference | None, launches: str
) -> None:
    with pytest.raises(ConfigurationError, match=launches):
        check_group_launches_latest(a_group(launch_template=template), "lt-1")


def version(**sizes: int) -> LaunchTemplateVersion:
    return a_version(3, "ami-0", **sizes)


def image(**sizes: int) -> Image:
    return an_image("ami-1", volume_sizes=sizes)


@pytest.mark.parametrize("template_size", [8, 9])
def test_a_volume_as_large_as_the_images_fits(template_size: int) -> None:
    check_volumes(version(xvda=template_size), image(xvda=8))


def test_a_volume_that_the_template_does_not_size_fits() -> None:
    check_volumes(version(), image(xvda=8))


def test_a_volume_smaller_than_the_images_is_refused_with_both_sizes() -> None:
    with pytest.raises(ConfigurationError, match=r"has 20 GiB on xvda.* asks for 8 GiB"):
        check_volumes(version(xvda=8), image(xvda=20))


@pytest.mark.parametrize("own_image", [image(), None])
def test_an_instance_of_the_templates_architecture_can_be_imaged(own_image: Image | None) -> None:
    source = Instance("i-1", "ami-0", "running", "arm64")
    check_architecture(version(), source, own_image)


def test_an_instance_of_another_architecture_is_refused() -> None:
    source = Instance("i-1", "ami-0", "running", "x86_64")
    with pytest.raises(ConfigurationError, match=r"i-1 is x86_64, but .* lt-1 launches arm64"):
        check_architecture(version(), source, image())


def test_the_client_token_names_the_attempt() -> None:
    token = version().client_token("ami-1", "a bake")
    assert token == version().client_token("ami-1", "a bake")
    assert token != version().client_token("ami-2", "a bake")
    assert token != version().client_token("ami-1", "an undo")
    assert len(token) <= 64
