"""Whether Auto Scaling can launch an instance with encrypted volumes.

Amazon EC2 Auto Scaling User Guide, "Required AWS KMS key policy for use with encrypted volumes":
the service-linked role can use the AWS managed key of Amazon EBS, but needs a key policy or a grant
for a customer managed key.
"""

from __future__ import annotations

import json
from typing import Any

from moto.ec2.models.instances import Instance
from moto.kms.models import Key, kms_backends

from local_aws.server_state import PARTITION, server_state
from local_aws.services import resource_policies

ROLE = (
    f"arn:{PARTITION}:iam::{server_state.account_id}:role/aws-service-role/autoscaling.amazonaws.com/"
    "AWSServiceRoleForAutoScaling"
)
# The alias of the AWS managed key of Amazon EBS.
AWS_MANAGED = "alias/aws/ebs"
# Operations of a grant; the actions in a policy have the same names after `kms:`.
NEEDED = {
    "CreateGrant",
    "Decrypt",
    "DescribeKey",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
}


def can_launch(instance: Instance) -> bool:
    """Whether the service-linked role can use the keys of all of an instance's volumes."""
    backend: Any = instance.ec2_backend
    volumes = (device.volume_id for device in instance.block_device_mapping.values())
    keys = kms_backends[server_state.account_id][backend.region_name]
    for volume_id in volumes:
        wanted = backend.get_volume(volume_id).kms_key_id
        key = keys.keys.get(wanted.rpartition("/")[2]) if wanted else None
        if key and AWS_MANAGED not in key.aliases and not _allows_use(key):
            return False
    return True


def _allows_use(key: Key) -> bool:
    if not key.enabled:
        return False
    granted = (set(grant.operations) for grant in key.grants.values() if _is_for_role(grant))
    if any(operations >= NEEDED for operations in granted):
        return True
    policy, context = json.loads(key.policy), {"kms:GrantIsForAWSResource": "true"}
    return all(
        resource_policies.allows(policy, ROLE, f"kms:{operation}", context) for operation in NEEDED
    )


def _is_for_role(grant: Any) -> bool:
    return bool(grant.grantee_principal == ROLE)
