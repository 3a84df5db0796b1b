"""Amazon EC2: snapshots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from baker import limits
from baker.aws.clients import Clients, filters, tag_mapping
from baker.aws.error_codes import NO_SUCH_SNAPSHOT, code_of
from baker.model.image import PIPELINE_TAG, Snapshot


class Snapshots:
    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def get(self, ids: Sequence[str]) -> list[Snapshot]:
        answer = self._clients.ec2.describe_snapshots(SnapshotIds=ids)
        return [snapshot_from_api(snapshot) for snapshot in answer["Snapshots"]]

    def of_pipeline(self, pipeline: str) -> list[Snapshot]:
        """The snapshots of this account that carry the pipeline's tag."""
        pages = self._clients.ec2.get_paginator("describe_snapshots").paginate(
            OwnerIds=["self"],
            Filters=filters({f"tag:{PIPELINE_TAG}": [pipeline]}),
            PaginationConfig={"PageSize": limits.EC2_PAGE},
        )
        return [snapshot_from_api(snapshot) for page in pages for snapshot in page["Snapshots"]]

    def delete(self, snapshot: str) -> str | None:
        """Delete a snapshot. One that is gone already is what was wanted.

        Returns:
            why EC2 refused, if it did.
        """
        try:
            self._clients.ec2.delete_snapshot(SnapshotId=snapshot)
        except ClientError as error:
            return None if code_of(error) in NO_SUCH_SNAPSHOT else str(error)
        return None


def snapshot_from_api(snapshot: Mapping[str, Any]) -> Snapshot:
    """From a Snapshot of DescribeSnapshots."""
    return Snapshot(
        id=snapshot["SnapshotId"],
        state=snapshot["State"],
        started=snapshot["StartTime"],
        tags=tag_mapping(snapshot),
    )
