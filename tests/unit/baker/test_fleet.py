from __future__ import annotations

from typing import Any

import pytest

from baker.errors import BakeError, ConfigurationError
from baker.fleet import Group, LaunchTemplateVersion
from baker.image import Image
from unit.baker.samples import a_group, a_version, an_image


def group(**parts: Any) -> Group:
    return Group.from_api(a_group(**parts))


def instance(name: str, state: str = "InService", health: str = "Healthy") -> dict[str, str]:
    return {"InstanceId": name, "LifecycleState": state, "HealthStatus": health}


@pytest.mark.parametrize(
    "unfit",
    [
        instance("i-1", state="Pending"),
        instance("i-1", state="Pending:Wait"),
        instance("i-1", state="Standby"),
        instance("i-1", state="Terminating"),
        instance("i-1", state="Warmed:Running"),
        instance("i-1", health="Unhealthy"),
    ],
    ids=lambda unfit: f"{unfit['LifecycleState']}-{unfit['HealthStatus']}",
)
def test_an_instance_out_of_service_is_passed_over(unfit: dict[str, str]) -> None:
    chosen = group(Instances=[unfit, instance("i-2")]).choose_source("d-1", {"i-1", "i-2"})
    assert chosen == "i-2"


def test_an_instance_that_was_not_updated_is_passed_over() -> None:
    fleet = group(Instances=[instance("i-1"), instance("i-2")])
    assert fleet.choose_source("d-1", {"i-2"}) == "i-2"


def test_the_choice_does_not_depend_on_the_order_of_the_instances() -> None:
    fleet = group(Instances=[instance("i-2"), instance("i-1")])
    assert fleet.choose_source("d-1", {"i-1", "i-2"}) == "i-1"


def test_when_none_fits_each_instance_is_explained() -> None:
    fleet = group(
        Instances=[
            instance("i-1", state="Standby"),
            instance("i-2", state="Pending", health="Unhealthy"),
            instance("i-3"),
        ]
    )
    with pytest.raises(BakeError) as failure:
        fleet.choose_source("d-1", {"i-1", "i-2"})
    assert (
        "i-1 is Standby; i-2 is Pending and Unhealthy; i-3 is no Succeeded target of d-1"
    ) in str(failure.value)


def test_an_empty_group_says_so() -> None:
    with pytest.raises(BakeError, match="group shop can be imaged: it has none"):
        group().choose_source("d-1", set())


def test_a_group_on_the_latest_version_launches_the_new_image() -> None:
    group().check_launches("lt-1")


def test_a_mixed_instances_group_on_the_latest_version_does_too() -> None:
    policy = {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-1", "Version": "$Latest"}
        }
    }
    group(LaunchTemplate=None, MixedInstancesPolicy=policy).check_launches("lt-1")


@pytest.mark.parametrize(
    ("template", "launches"),
    [
        ({"LaunchTemplateId": "lt-1", "Version": "3"}, "launches lt-1 version 3"),
        ({"LaunchTemplateId": "lt-1", "Version": "$Default"}, r"launches lt-1 version \$Default"),
        ({"LaunchTemplateId": "lt-1"}, r"launches lt-1 version \$Default"),
        ({"LaunchTemplateId": "lt-2", "Version": "$Latest"}, r"launches lt-2 version \$Latest"),
        (None, "launches no launch template"),
    ],
)
def test_a_group_that_would_not_launch_the_new_image_is_refused(
    template: dict[str, str] | None, launches: str
) -> None:
    with pytest.raises(ConfigurationError, match=launches):
        group(LaunchTemplate=template).check_launches("lt-1")


def version(**sizes: int) -> LaunchTemplateVersion:
    mappings = [{"DeviceName": name, "Ebs": {"VolumeSize": size}} for name, size in sizes.items()]
    return a_version(3, "ami-0", BlockDeviceMappings=mappings)


def image(**sizes: int) -> Image:
    return an_image("ami-1", volume_sizes=sizes)


@pytest.mark.parametrize("template_size", [8, 9])
def test_a_volume_as_large_as_the_images_fits(template_size: int) -> None:
    version(xvda=template_size).check_fits(image(xvda=8))


def test_a_volume_that_the_template_does_not_size_fits() -> None:
    version().check_fits(image(xvda=8))


def test_a_volume_smaller_than_the_images_is_refused_with_both_sizes() -> None:
    with pytest.raises(ConfigurationError, match=r"has 20 GiB on xvda.* asks for 8 GiB"):
        version(xvda=8).check_fits(image(xvda=20))


def test_a_template_without_devices_or_image_is_read() -> None:
    bare = a_version(1, None)
    assert (bare.image_id, bare.volume_sizes) == (None, {})


@pytest.mark.parametrize("own_image", [image(), None])
def test_an_instance_of_the_templates_architecture_can_be_imaged(own_image: Image | None) -> None:
    source = {"InstanceId": "i-1", "Architecture": "arm64"}
    version().check_architecture(source, own_image)


def test_an_instance_of_another_architecture_is_refused() -> None:
    source = {"InstanceId": "i-1", "Architecture": "x86_64"}
    with pytest.raises(ConfigurationError, match=r"i-1 is x86_64, but .* lt-1 launches arm64"):
        version().check_architecture(source, image())


def test_the_client_token_names_the_attempt() -> None:
    token = version().client_token("ami-1", "a bake")
    assert token == version().client_token("ami-1", "a bake")
    assert token != version().client_token("ami-2", "a bake")
    assert token != version().client_token("ami-1", "an undo")
    assert len(token) <= 64


def sparing(**parts: Any) -> Group:
    usual = {"MinSize": 1, "DesiredCapacity": 2, "Instances": [instance("i-1"), instance("i-2")]}
    return group(**{**usual, **parts})


def test_a_group_above_its_minimum_can_spare_an_instance() -> None:
    sparing().check_can_spare_one()


@pytest.mark.parametrize(
    ("parts", "complaint"),
    [
        ({"MinSize": 2}, "desired capacity is 2 and its minimum is 2"),
        ({"Instances": [instance("i-1")]}, "has 1 in service"),
        ({"Instances": [instance("i-1"), instance("i-2", "Standby")]}, "has 1 in service"),
        ({"SuspendedProcesses": [{"ProcessName": "Launch"}]}, "Launch .* is suspended"),
    ],
)
def test_a_group_that_cannot_spare_an_instance_says_so(
    parts: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"(?s){complaint}.*Nothing was touched"):
        sparing(**parts).check_can_spare_one()
