"""Operations of Amazon EventBridge."""

from __future__ import annotations

from local_aws.operations.table import TERRAFORM, Service, extended, moto

ENCRYPTED_TOPICS = (
    "Enable compatibility between event sources from AWS services and encrypted topics "
    "(Amazon SNS Developer Guide)"
)

SERVICE = Service(
    prefix="events",
    name="Amazon EventBridge",
    reference="https://docs.aws.amazon.com/eventbridge/latest/APIReference",
    guide="Amazon EventBridge User Guide",
    operations=(
        moto("DeleteRule", "behaviours/test_event_targets.py"),
        moto("DescribeRule", TERRAFORM),
        moto("DisableRule", "integration/test_bake.py"),
        moto("EnableRule", "integration/test_bake.py"),
        moto("ListTagsForResource", TERRAFORM),
        moto("ListTargetsByRule", TERRAFORM),
        extended("PutEvents", "behaviours/test_event_targets.py", pages=("Event structure",)),
        extended(
            "PutRule",
            "behaviours/test_event_targets.py",
            "behaviours/test_codecommit.py",
            pages=("Creating a rule that runs on a schedule",),
        ),
        extended(
            "PutTargets",
            "behaviours/test_event_targets.py",
            "behaviours/test_codecommit.py",
            pages=(
                "Targets available in the EventBridge console",
                "Using resource-based policies for Amazon EventBridge",
                ENCRYPTED_TOPICS,
            ),
        ),
        moto("RemoveTargets", "behaviours/test_event_targets.py"),
    ),
)
