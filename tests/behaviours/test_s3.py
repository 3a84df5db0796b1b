"""Buckets."""

from __future__ import annotations

from local_aws.client import LocalAws


def test_notifications_to_eventbridge_are_shown(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="notifying")
    before = s3.get_bucket_notification_configuration(Bucket="notifying")

    s3.put_bucket_notification_configuration(
        Bucket="notifying", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )

    after = s3.get_bucket_notification_configuration(Bucket="notifying")
    assert "EventBridgeConfiguration" not in before
    assert after["EventBridgeConfiguration"] == {}


def test_requests_are_paid_by_the_owner(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="paying")
    assert s3.get_bucket_request_payment(Bucket="paying")["Payer"] == "BucketOwner"
