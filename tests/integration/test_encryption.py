"""A service that is encrypted with its team's own key, which is made in the same apply."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_aws.client import LocalAws
from support.service import Service, eventually
from support.stack import Stack

pytestmark = pytest.mark.usefixtures("clear_conditions")


@pytest.fixture(scope="module")
def service(
    aws: LocalAws, service_stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> Service:
    aws.client("iam").create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    outputs = service_stack.apply(own_key=True)["service"]
    return Service(aws, outputs, tmp_path_factory.mktemp("clone") / "application")


@pytest.fixture(scope="module")
def key(service: Service) -> str:
    return str(service.names["kms_key_arn"])


def volumes(service: Service, instance: str) -> list[dict[str, Any]]:
    attached = [{"Name": "attachment.instance-id", "Values": [instance]}]
    found: list[dict[str, Any]] = service.ec2.describe_volumes(Filters=attached)["Volumes"]
    return found


def test_an_instance_of_a_baked_image_has_volumes_with_the_key(service: Service, key: str) -> None:
    baked = service.bake("1")
    (image,) = service.ec2.describe_images(ImageIds=[baked["ImageId"]])["Images"]
    made = [mapping["Ebs"]["SnapshotId"] for mapping in image["BlockDeviceMappings"]]
    snapshots = service.ec2.describe_snapshots(SnapshotIds=made)["Snapshots"]
    assert {snapshot["KmsKeyId"] for snapshot in snapshots} == {key}

    (launched,) = service.scale_to(3)
    assert {volume["KmsKeyId"] for volume in volumes(service, launched)} == {key}


def test_artifacts_and_logs_have_the_key(service: Service, key: str) -> None:
    bucket = service.names["artifact_bucket_name"]
    (rule,) = service.aws.client("s3").get_bucket_encryption(Bucket=bucket)[
        "ServerSideEncryptionConfiguration"
    ]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == key
    (group,) = service.aws.client("logs").describe_log_groups(
        logGroupNamePrefix=service.names["log_group_name"]
    )["logGroups"]
    assert group["kmsKeyId"] == key


def test_the_encrypted_topic_tells_of_an_execution_that_failed(service: Service, key: str) -> None:
    sns, sqs = service.aws.client("sns"), service.aws.client("sqs")
    topic = service.names["notification_topic_arn"]
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["KmsMasterKeyId"] == key
    inbox = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=inbox, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue["QueueArn"])
    service.aws.set_conditions(image_failure="Server.InternalError: no capacity")
    execution = service.execution_of(service.push("fails"))
    assert service.finished(execution) == "Failed"

    def received() -> Any:
        messages = sqs.receive_message(QueueUrl=inbox).get("Messages", [])
        return messages and json.loads(json.loads(messages[0]["Body"])["Message"])

    event = eventually(received, "the notification")
    assert event["detail"]["execution-id"] == execution
    assert event["detail"]["state"] == "FAILED"
