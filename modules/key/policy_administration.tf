# Management of the key by the account's administrators.

locals {
  auto_scaling_role_arn = format(
    "arn:%s:iam::%s:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
    local.partition, local.account_id
  )

  administration = [
    {
      Sid       = "AdministerKeyThroughIam" # without the use of the key, and without kms:CreateGrant
      Effect    = "Allow"
      Principal = local.account
      Action = [
        "kms:CancelKeyDeletion",
        "kms:CreateAlias",
        "kms:DeleteAlias",
        "kms:DescribeKey",
        "kms:DisableKey",
        "kms:DisableKeyRotation",
        "kms:EnableKey",
        "kms:EnableKeyRotation",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListGrants",
        "kms:ListKeyPolicies",
        "kms:ListKeyRotations",
        "kms:ListResourceTags",
        "kms:PutKeyPolicy",
        "kms:RetireGrant",
        "kms:RevokeGrant",
        "kms:RotateKeyOnDemand",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateAlias",
        "kms:UpdateKeyDescription",
      ]
      Resource = "*"
    },
    {
      Sid       = "GrantKeyToAutoScalingThroughIam"
      Effect    = "Allow"
      Principal = local.account
      Action    = "kms:CreateGrant"
      Resource  = "*"
      Condition = { StringEquals = { "kms:GranteePrincipal" = local.auto_scaling_role_arn } }
    },
  ]
}
