from __future__ import annotations

import datetime
import re

from baker.aws import Aws
from baker.aws.images import image_from_api
from baker.limits import RemovalLimits
from baker.model.deployment import Deployment
from baker.model.image import REPLACED, Image, image_name
from baker.model.job import ContinuationToken, Job
from baker.steps.create_image import image_tags
from baker.steps.state import Bake
from unit.baker.samples import a_settings, an_image

EXECUTION = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
SETTINGS = a_settings(IMAGE_TAGS='{"team": "web", "Name": "mine"}')
DEPLOYMENT = Deployment("d-1", datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC))
JOB = Job("job", EXECUTION, "8f2c1d", ContinuationToken())


def image(**tags: str) -> Image:
    prefixed = {f"asg-ami-pipeline:{key.replace('_', '-')}": value for key, value in tags.items()}
    return an_image("ami-1", tags=prefixed)


def test_the_longest_pipeline_name_makes_a_name_that_ec2_takes() -> None:
    name = image_name("p@" + "x" * 98, EXECUTION)
    assert re.fullmatch(r"[A-Za-z0-9()./_-]{3,127}", name)
    assert name.endswith(EXECUTION)


def test_the_name_is_the_same_for_an_execution_and_no_other() -> None:
    assert image_name("shop", EXECUTION) == f"shop-{EXECUTION}"


def test_the_tags_say_where_the_image_comes_from() -> None:
    bake = Bake(Aws(), SETTINGS, (), RemovalLimits(), JOB, deployment=DEPLOYMENT, source="i-1")
    tags = image_tags(bake, "ami-0")
    assert tags == {
        "Name": "mine",
        "team": "web",
        "asg-ami-pipeline:pipeline": "shop",
        "asg-ami-pipeline:execution": EXECUTION,
        "asg-ami-pipeline:deployment": "d-1",
        "asg-ami-pipeline:deployed-at": "2026-01-01T12:00:00.000000Z",
        "asg-ami-pipeline:revision": "8f2c1d",
        "asg-ami-pipeline:source-instance": "i-1",
        "asg-ami-pipeline:base-image": "ami-0",
    }


def test_an_image_is_of_the_pipeline_and_execution_of_its_tags() -> None:
    own = image(pipeline="shop", execution=EXECUTION)
    assert (own.is_of("shop"), own.execution) == (True, EXECUTION)
    assert not image(pipeline="other", execution=EXECUTION).is_of("shop")
    assert not image().is_of("shop")


def test_a_copy_with_the_tags_was_not_baked() -> None:
    tags = {"asg-ami-pipeline:pipeline": "shop", "asg-ami-pipeline:execution": EXECUTION}
    assert an_image("ami-1", name=f"shop-{EXECUTION}", tags=tags).was_baked_by("shop")
    assert not an_image("ami-1", name="copy", tags=tags).was_baked_by("shop")
    assert not an_image("ami-1", name=f"shop-{EXECUTION}").was_baked_by("shop")


def test_an_undo_is_read_from_the_tag() -> None:
    assert image(undo="replaced 2026-01-01T00:00:00Z").undo == REPLACED
    assert image().undo == ""


def test_an_image_of_a_later_deployment_is_newer() -> None:
    def newer(**tags: str) -> bool:
        return image(**tags).newer_than(DEPLOYMENT.created, "shop")

    assert newer(pipeline="shop", deployed_at="2026-01-01T12:00:00.000001Z")
    assert not newer(pipeline="shop", deployed_at="2026-01-01T12:00:00.000000Z")
    assert not newer(pipeline="shop", deployed_at="2026-01-01T11:59:59.999999Z")
    assert not newer(pipeline="other", deployed_at="2026-01-02T00:00:00.000000Z")
    assert not newer()


def test_an_image_is_read_as_ec2_describes_it() -> None:
    read = image_from_api(
        {
            "ImageId": "ami-1",
            "Name": "shop-1",
            "OwnerId": "123456789012",
            "CreationDate": "2026-01-01T00:00:00.000Z",
            "DeregistrationProtection": "enabled-with-cooldown",
            "State": "failed",
            "Architecture": "x86_64",
            "StateReason": {"Code": "Server.InternalError", "Message": "no capacity"},
            "Tags": [{"Key": "a", "Value": "b"}],
            "BlockDeviceMappings": [
                {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "snap-1", "VolumeSize": 8}},
                {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"},
                {"DeviceName": "/dev/sdc", "Ebs": {}},
            ],
        }
    )
    assert read == an_image(
        "ami-1",
        name="shop-1",
        state="failed",
        reason="no capacity",
        deregistration_protected=True,
        architecture="x86_64",
        tags={"a": "b"},
        volume_sizes={"/dev/xvda": 8},
    )
