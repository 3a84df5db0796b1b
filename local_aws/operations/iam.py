"""Operations of AWS Identity and Access Management."""

from __future__ import annotations

from local_aws.operations.table import TERRAFORM, Service, moto

SERVICE = Service(
    prefix="iam",
    name="AWS Identity and Access Management",
    reference="https://docs.aws.amazon.com/IAM/latest/APIReference",
    operations=(
        moto("AddRoleToInstanceProfile", "behaviours/test_codedeploy.py"),
        moto("AttachRolePolicy", TERRAFORM),
        moto("CreateInstanceProfile", "behaviours/test_codedeploy.py"),
        moto("CreatePolicy", TERRAFORM),
        moto("CreateRole", "behaviours/test_functions.py"),
        moto("CreateServiceLinkedRole", "integration/test_encryption.py"),
        moto("DeleteInstanceProfile", TERRAFORM),
        moto("DeletePolicy", TERRAFORM),
        moto("DeleteRole", TERRAFORM),
        moto("DeleteRolePolicy", TERRAFORM),
        moto("DetachRolePolicy", TERRAFORM),
        moto("GetInstanceProfile", TERRAFORM),
        moto("GetPolicy", TERRAFORM),
        moto("GetPolicyVersion", TERRAFORM),
        moto("GetRole", "permissions/test_standby.py"),
        moto("GetRolePolicy", "permissions/test_standby.py"),
        moto("ListAttachedRolePolicies", "permissions/test_standby.py"),
        moto("ListInstanceProfilesForRole", TERRAFORM),
        moto("ListPolicyVersions", TERRAFORM),
        moto("ListRolePolicies", "permissions/test_standby.py"),
        moto("ListRoles", "permissions/test_standby.py"),
        moto("PutRolePolicy", TERRAFORM),
        moto("RemoveRoleFromInstanceProfile", TERRAFORM),
    ),
)
