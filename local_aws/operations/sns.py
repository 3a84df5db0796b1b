"""Operations of Amazon SNS."""

from __future__ import annotations

from local_aws.operations.table import TERRAFORM, Service, moto

SERVICE = Service(
    prefix="sns",
    name="Amazon SNS",
    reference="https://docs.aws.amazon.com/sns/latest/api",
    operations=(
        moto("CreateTopic", "behaviours/test_event_targets.py"),
        moto("DeleteTopic", TERRAFORM),
        moto("GetTopicAttributes", "integration/test_encryption.py"),
        moto("ListTagsForResource", TERRAFORM),
        moto("SetTopicAttributes", "behaviours/test_event_targets.py"),
        moto("Subscribe", "behaviours/test_event_targets.py"),
    ),
)
