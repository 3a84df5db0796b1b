"""Operations of Amazon SQS."""

from __future__ import annotations

from local_aws.operations.table import Service, moto

SERVICE = Service(
    prefix="sqs",
    name="Amazon SQS",
    reference="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference",
    operations=(
        moto("CreateQueue", "behaviours/test_event_targets.py"),
        moto("GetQueueAttributes", "behaviours/test_event_targets.py"),
        moto("ReceiveMessage", "behaviours/test_event_targets.py"),
    ),
)
