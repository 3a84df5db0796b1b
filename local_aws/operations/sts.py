"""Operations of AWS Security Token Service."""

from __future__ import annotations

from local_aws.operations.table import TERRAFORM, Service, moto

SERVICE = Service(
    prefix="sts",
    name="AWS Security Token Service",
    reference="https://docs.aws.amazon.com/STS/latest/APIReference",
    operations=(
        moto("AssumeRole", "behaviours/test_authorization.py"),
        moto("GetCallerIdentity", TERRAFORM),
    ),
)
