# A customer managed key for one pipeline, and who may do what with it.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

resource "aws_kms_key" "pipeline" {
  description         = "Artifacts, logs, volumes, images and notifications of ${var.name}"
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = local.statements })
  tags                = var.tags
}

resource "aws_kms_alias" "pipeline" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.pipeline.key_id
}

locals {
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id
  dns_suffix = data.aws_partition.current.dns_suffix

  account             = { AWS = "arn:${local.partition}:iam::${local.account_id}:root" }
  role_arn_prefix     = "arn:${local.partition}:iam::${local.account_id}:role${var.role_path}${var.name}"
  artifact_bucket_arn = "arn:${local.partition}:s3:::${var.name}-${local.account_id}-${local.region}"
  auto_scaling_role_arn = format(
    "arn:%s:iam::%s:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
    local.partition, local.account_id
  )

  # Of the bucket where it uses a bucket key, else of the object.
  for_artifacts = { "kms:EncryptionContext:aws:s3:arn" = [local.artifact_bucket_arn, "${local.artifact_bucket_arn}/*"] }
  through_s3    = "s3.${local.region}.${local.dns_suffix}"
  through_logs  = "logs.${local.region}.${local.dns_suffix}"
  through_ec2   = "ec2.${local.region}.${local.dns_suffix}"

  for_logs = { "kms:EncryptionContext:aws:logs:arn" = "arn:${local.partition}:logs:${local.region}:${local.account_id}:log-group:/aws/lambda/${var.name}-baker" }

  # "Resource": "*" in a key's policy is that key. The account as principal allows nobody by itself: it
  # lets policies of IAM allow it, those of the roles that the condition names where it names any.
  # Roles as principals would have to exist before the key does.
  statements = [
    {
      Sid       = "AdministeredThroughIam" # using it, and giving its use away, is not part of that
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
      Sid       = "GrantedToAutoScalingThroughIam"
      Effect    = "Allow"
      Principal = local.account
      Action    = "kms:CreateGrant"
      Resource  = "*"
      Condition = { StringEquals = { "kms:GranteePrincipal" = local.auto_scaling_role_arn } }
    },
    {
      Sid       = "ArtifactsAreRead"
      Effect    = "Allow"
      Principal = local.account
      Action    = "kms:Decrypt"
      Resource  = "*"
      Condition = {
        ArnEquals    = { "aws:PrincipalArn" = concat(["${local.role_arn_prefix}-instance", "${local.role_arn_prefix}-pipeline"], var.build_role_arns) }
        StringEquals = { "kms:ViaService" = local.through_s3 }
        StringLike   = local.for_artifacts
      }
    },
    {
      Sid       = "ArtifactsAreWritten"
      Effect    = "Allow"
      Principal = local.account
      Action    = "kms:GenerateDataKey"
      Resource  = "*"
      Condition = {
        ArnEquals    = { "aws:PrincipalArn" = concat(["${local.role_arn_prefix}-pipeline"], var.build_role_arns) }
        StringEquals = { "kms:ViaService" = local.through_s3 }
        StringLike   = local.for_artifacts
      }
    },
    {
      Sid       = "VolumesAreImaged"
      Effect    = "Allow"
      Principal = local.account
      Action = [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ]
      Resource = "*"
      Condition = {
        ArnEquals    = { "aws:PrincipalArn" = "${local.role_arn_prefix}-baker" }
        StringEquals = { "kms:ViaService" = local.through_ec2 }
      }
    },
    {
      Sid       = "SnapshotsAreEncrypted"
      Effect    = "Allow"
      Principal = local.account
      Action    = "kms:CreateGrant"
      Resource  = "*"
      Condition = {
        ArnEquals    = { "aws:PrincipalArn" = "${local.role_arn_prefix}-baker" }
        StringEquals = { "kms:ViaService" = local.through_ec2 }
        Bool         = { "kms:GrantIsForAWSResource" = "true" }
      }
    },
    {
      # Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
      Sid       = "LogsOfTheFunction"
      Effect    = "Allow"
      Principal = { Service = local.through_logs }
      Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
      Resource  = "*"
      Condition = { StringEquals = local.for_logs }
    },
    {
      # Who writes and who reads needs the key, too: the baker, and whom IAM lets use it for this one log.
      Sid       = "LogsAreReadThroughIam"
      Effect    = "Allow"
      Principal = local.account
      Action    = "kms:Decrypt"
      Resource  = "*"
      Condition = { StringEquals = merge(local.for_logs, { "kms:ViaService" = local.through_logs }) }
    },
    {
      Sid       = "LogsAreWritten"
      Effect    = "Allow"
      Principal = local.account
      Action    = "kms:GenerateDataKey"
      Resource  = "*"
      Condition = {
        ArnEquals    = { "aws:PrincipalArn" = "${local.role_arn_prefix}-baker" }
        StringEquals = merge(local.for_logs, { "kms:ViaService" = local.through_logs })
      }
    },
    {
      # Amazon SNS Developer Guide, "Enable compatibility between event sources from AWS services and encrypted
      # topics": for EventBridge a key cannot say for which rule or account, but it can for which topic.
      Sid       = "NotificationsOfFailures"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
      Condition = { StringEquals = { "kms:EncryptionContext:aws:sns:topicArn" = "arn:${local.partition}:sns:${local.region}:${local.account_id}:${var.name}-notifications" } }
    },
  ]
}
