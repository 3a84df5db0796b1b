"""Operations of Amazon CloudWatch."""

from __future__ import annotations

from local_aws.operations.table import TERRAFORM, Service, moto

SERVICE = Service(
    prefix="monitoring",
    name="Amazon CloudWatch",
    reference="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference",
    operations=(
        moto("DeleteAlarms", TERRAFORM),
        moto("DescribeAlarms", TERRAFORM),
        moto("ListTagsForResource", TERRAFORM),
        moto("PutMetricAlarm", TERRAFORM),
    ),
)
