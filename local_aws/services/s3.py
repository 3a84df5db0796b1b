"""Amazon S3: notifications to EventBridge, and bucket policies that are not enforced."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from moto.core.responses import ActionResult
from moto.iam.access_control import PermissionResult
from moto.s3 import models, notifications, responses

from local_aws.services import events

# Reasons of "Object Created" (Amazon S3 User Guide, "EventBridge event message structure").
CREATED = {
    "s3:ObjectCreated:Put": "PutObject",
    "s3:ObjectCreated:Post": "POST Object",
    "s3:ObjectCreated:Copy": "CopyObject",
    "s3:ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
}


def _notify(account_id: str, bucket: Any, event_name: Any, key: Any) -> None:
    """Emit an event for a created object, if the bucket's notifications to EventBridge are on."""
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
    """A bucket whose policy is not enforced.

    moto would enforce it without its conditions, and so deny all requests for a statement that
    denies those without TLS.
    """

    def get_permission(self, action: str, resource: str) -> PermissionResult:
        return PermissionResult.NEUTRAL


class S3Operations(responses.S3Response):
    """Operations of the Amazon S3 API; those not defined here are moto's."""

    def _bucket_response_get(self, bucket_name: str, querystring: dict[str, Any]) -> Any:
        """Operations on a bucket by the query's names; moto would list the objects for others."""
        if "requestPayment" in querystring:
            return self.get_bucket_request_payment()
        return super()._bucket_response_get(bucket_name, querystring)

    def get_bucket_request_payment(self) -> Any:
        """GetBucketRequestPayment: the owner pays, unless PutBucketRequestPayment changes it, which
        is not known."""
        self.backend.get_bucket(self.bucket_name)
        self.data["Action"] = "GetBucketRequestPayment"
        return self.serialized(ActionResult({"Payer": "BucketOwner"}))

    def get_bucket_notification(self) -> Any:
        """Add EventBridgeConfiguration to GetBucketNotificationConfiguration (Amazon S3 API
        Reference); moto leaves it out."""
        status, headers, body = super().get_bucket_notification()
        configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if configuration and configuration.event_bridge is not None:
            answer = ElementTree.fromstring(body)
            namespace = answer.tag.partition("}")[0] + "}" if "}" in answer.tag else ""
            ElementTree.SubElement(answer, f"{namespace}EventBridgeConfiguration")
            body = ElementTree.tostring(answer, encoding="unicode")
        return status, headers, body


def install() -> None:
    # moto reloads its URLs for S3, which refer to the class by this name.
    responses.S3Response = S3Operations  # type: ignore[misc]
    models.FakeBucket = Bucket  # type: ignore[misc]
    notifications._send_event_bridge_message = _notify
