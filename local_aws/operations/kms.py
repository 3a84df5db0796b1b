"""Operations of AWS Key Management Service."""

from __future__ import annotations

from local_aws.operations.table import TERRAFORM, Service, moto

SERVICE = Service(
    prefix="kms",
    name="AWS Key Management Service",
    reference="https://docs.aws.amazon.com/kms/latest/APIReference",
    operations=(
        moto("CreateAlias", TERRAFORM),
        moto("CreateGrant", "behaviours/test_encrypted_launches.py"),
        moto(
            "CreateKey", "behaviours/test_encrypted_launches.py", "behaviours/test_event_targets.py"
        ),
        moto("DeleteAlias", TERRAFORM),
        moto("DescribeKey", TERRAFORM),
        moto("DisableKey", "behaviours/test_encrypted_launches.py"),
        moto("EnableKeyRotation", TERRAFORM),
        moto("GetKeyPolicy", TERRAFORM),
        moto("GetKeyRotationStatus", TERRAFORM),
        moto("ListAliases", TERRAFORM),
        moto("ListGrants", TERRAFORM),
        moto("ListResourceTags", TERRAFORM),
        moto(
            "PutKeyPolicy",
            "behaviours/test_encrypted_launches.py",
            "behaviours/test_event_targets.py",
        ),
        moto("RevokeGrant", TERRAFORM),
        moto("ScheduleKeyDeletion", TERRAFORM),
    ),
)
