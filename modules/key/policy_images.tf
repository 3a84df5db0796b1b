# Images: the function makes them from encrypted volumes.

locals {
  through_ec2 = "ec2.${local.region}.${local.dns_suffix}"

  images = [
    {
      Sid       = "ImageEncryptedVolumes"
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
      Sid       = "GrantKeyForSnapshots"
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
  ]
}
