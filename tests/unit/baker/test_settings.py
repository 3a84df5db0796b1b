from __future__ import annotations

import pytest

from baker.errors import ConfigurationError
from baker.model.settings import Settings
from unit.baker import samples

ENVIRONMENT = {
    **samples.ENVIRONMENT,
    "IMAGE_TAGS": '{"team": "web"}',
    "CAPTURE": "standby",
    "KEEP_IMAGES": "7",
    "RETENTION_DRY_RUN": "true",
}


def test_the_environment_that_terraform_sets_is_read() -> None:
    assert Settings.from_environment(ENVIRONMENT) == Settings(
        pipeline_name="shop",
        application_name="app",
        deployment_group_name="group",
        auto_scaling_group_name="asg",
        launch_template_id="lt-1",
        image_tags={"team": "web"},
        capture="standby",
        keep=7,
        dry_run=True,
    )


def test_tags_are_optional() -> None:
    environment = {name: value for name, value in ENVIRONMENT.items() if name != "IMAGE_TAGS"}
    assert Settings.from_environment(environment).image_tags == {}


@pytest.mark.parametrize("name", sorted(ENVIRONMENT.keys() - {"IMAGE_TAGS"}))
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_variable_is_named(name: str, value: str | None) -> None:
    environment = {key: text for key, text in ENVIRONMENT.items() if key != name}
    if value is not None:
        environment[name] = value
    with pytest.raises(ConfigurationError, match=name):
        Settings.from_environment(environment)


@pytest.mark.parametrize("tags", ["no json", "[]", '{"team": 1}'])
def test_tags_that_are_no_object_of_strings_are_refused(tags: str) -> None:
    with pytest.raises(ConfigurationError, match="IMAGE_TAGS must be a JSON object"):
        Settings.from_environment({**ENVIRONMENT, "IMAGE_TAGS": tags})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("CAPTURE", "reboot"),
        ("KEEP_IMAGES", "0"),
        ("KEEP_IMAGES", "1.5"),
        ("KEEP_IMAGES", "many"),
        ("RETENTION_DRY_RUN", "True"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} must be .* it is '{text}'"):
        Settings.from_environment({**ENVIRONMENT, name: text})
