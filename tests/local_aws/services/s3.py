"""Amazon S3: its notifications to EventBridge, and bucket policies that do no harm."""

from __future__ import annotations

from typing import Any

from moto.iam.access_control import PermissionResult
from moto.s3 import models, notifications

from local_aws.services import events

# Reasons of "Object Created" (Amazon S3 User Guide, "EventBridge event message structure").
CREATED = {
    "s3:ObjectCreated:Put": "PutObject",
    "s3:ObjectCreated:Post": "POST Object",
    "s3:ObjectCreated:Copy": "CopyObject",
    "s3:ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
}


def _notify(account_id: str, bucket: Any, event_name: Any, key: Any) -> None:
    """A bucket whose notifications to EventBridge are on tells of each object that is created."""
    name = str(getattr(event_name, "value", event_name))
    if name not in CREATED:
        return
    detail = {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": {
            "key": key.name,
            "size": key.size,
            "etag": key.etag.replace('"', ""),
            "version-id": key.version_id,
        },
        "requester": account_id,
        "reason": CREATED[name],
    }
    events.emit("aws.s3", "Object Created", [bucket.arn], detail, bucket.region_name)


class Bucket(models.FakeBucket):
    """A bucket whose policy is kept but not enforced, like all policies here.

    moto would enforce it without looking at conditions, so that a statement which denies requests
    without TLS would deny all of them.
    """

    def get_permission(self, action: str, resource: str) -> PermissionResult:
        return PermissionResult.NEUTRAL


def install() -> None:
    models.FakeBucket = Bucket  # type: ignore[misc]
    notifications._send_event_bridge_message = _notify
