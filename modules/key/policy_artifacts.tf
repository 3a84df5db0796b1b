# Artifacts: the pipeline and the build project write and read them, the instances read them.

locals {
  artifact_bucket_arn = "arn:${local.partition}:s3:::${var.name}-${local.account_id}-${local.region}"

  # The bucket's ARN if S3 uses a bucket key, the object's otherwise.
  for_artifacts = { "kms:EncryptionContext:aws:s3:arn" = [local.artifact_bucket_arn, "${local.artifact_bucket_arn}/*"] }
  through_s3    = "s3.${local.region}.${local.dns_suffix}"

  artifacts = [
    {
      Sid       = "DecryptArtifacts"
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
      Sid       = "EncryptArtifacts"
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
  ]
}
