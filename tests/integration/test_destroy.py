"""What `terraform destroy` leaves behind, and that it says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.service import Service
from support.stack import Stack

OWN = [{"Name": "tag:asg-ami-pipeline:pipeline", "Values": ["orders"]}]


def own(service: Service) -> tuple[list[Any], list[Any]]:
    """The pipeline's images and snapshots."""
    return (
        service.ec2.describe_images(Owners=["self"], Filters=OWN)["Images"],
        service.ec2.describe_snapshots(OwnerIds=["self"], Filters=OWN)["Snapshots"],
    )


def test_images_stay_unless_they_are_to_go(
    service: Service, service_stack: Stack, tmp_path: Path
) -> None:
    service.bake("stays")
    said = service_stack.destroy()
    assert "Images and snapshots with the tag asg-ami-pipeline:pipeline=orders are kept" in said
    images, snapshots = own(service)
    assert (len(images), len(snapshots)) == (1, 1)

    outputs = service_stack.apply(delete_images_on_destroy="true")["service"]
    Service(service.aws, outputs, tmp_path / "application").bake("goes")
    assert len(own(service)[0]) == 2
    # Turning the setting off removes nothing by itself.
    service_stack.apply(delete_images_on_destroy="false")
    service_stack.apply(delete_images_on_destroy="true")
    assert len(own(service)[0]) == 2

    said = service_stack.destroy()
    assert "The images of pipeline orders and their snapshots are deleted." in said
    assert own(service) == ([], [])
