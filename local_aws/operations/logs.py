"""Operations of Amazon CloudWatch Logs."""

from __future__ import annotations

from local_aws.operations.table import TERRAFORM, Service, extended, moto

SERVICE = Service(
    prefix="logs",
    name="Amazon CloudWatch Logs",
    reference="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference",
    guide="Amazon CloudWatch Logs User Guide",
    operations=(
        extended(
            "CreateLogGroup",
            "behaviours/test_logs.py",
            pages=("Encrypt log data in CloudWatch Logs using AWS KMS",),
        ),
        moto("CreateLogStream", "behaviours/test_functions.py"),
        moto("DeleteLogGroup", TERRAFORM),
        moto("DescribeLogGroups", "behaviours/test_logs.py"),
        moto(
            "FilterLogEvents",
            "behaviours/test_codecommit.py",
            "behaviours/test_codepipeline_actions.py",
        ),
        moto("ListTagsForResource", TERRAFORM),
        moto("PutLogEvents", "behaviours/test_functions.py"),
        moto("PutRetentionPolicy", TERRAFORM),
    ),
)
