"""Snapshots."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.elastic_block_store import Snapshot, Volume
from moto.ec2.responses import EC2Response
from moto.ec2.utils import generic_filter, random_snapshot_id

from local_aws.services.parameters import knows, page


class ImageSnapshot(Snapshot):
    """The snapshot of a volume for an image, ``pending`` as long as the image.

    It holds the data at its ``StartTime`` ("Create Amazon EBS snapshots").
    """

    def __init__(self, backend: Any, volume: Volume, image_id: str, instance_id: str) -> None:
        super().__init__(
            backend,
            random_snapshot_id(),
            volume,
            f"Created by CreateImage({instance_id}) for {image_id}",
            encrypted=volume.encrypted,
            kms_key_id=volume.kms_key_id,
            from_ami=image_id,
        )
        self.size = volume.size
        self.status = "pending"
        self.state_message: str | None = None

    @property
    def volume_size(self) -> int:
        return self.size

    @property
    def progress(self) -> str:
        return "100%" if self.status == "completed" else "0%"

    def end(self, failure: str | None) -> None:
        self.status = "error" if failure else "completed"
        self.state_message = failure


class SnapshotOperations(EC2Response):
    @knows("DryRun", "Filters", "MaxResults", "NextToken", "OwnerIds", "SnapshotIds")
    def describe_snapshots(self) -> ActionResult:
        """DescribeSnapshots (EC2 API Reference): fails for an unknown ID."""
        self.error_on_dryrun()
        snapshots = list(self.ec2_backend.snapshots.values())
        if ids := self._get_param("SnapshotIds", []):
            if unknown := set(ids) - set(self.ec2_backend.snapshots):
                raise EC2ClientError(
                    "InvalidSnapshot.NotFound", f"The snapshot '{min(unknown)}' does not exist."
                )
            snapshots = [snapshot for snapshot in snapshots if snapshot.id in ids]
        if owners := self._get_param("OwnerIds", []):
            owner_ids = {self.current_account if owner == "self" else owner for owner in owners}
            snapshots = [snapshot for snapshot in snapshots if snapshot.owner_id in owner_ids]
        snapshots = generic_filter(self._filters_from_querystring(), snapshots)
        shown, token = page(snapshots, self._get_param("MaxResults"), self._get_param("NextToken"))
        return ActionResult({"Snapshots": shown, "NextToken": token})
