# The pipeline's role, and what it may do with artifacts; iam_stages.tf has the rest.
# https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html

resource "aws_iam_role" "pipeline" {
  name                 = "${var.name}-pipeline"
  path                 = var.role_path
  description          = "Pipeline ${var.name}"
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags

  # AWS documents no aws:Source key for CodePipeline, and with one that it does not send, nothing would
  # run: the account is compared where it is said.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AllowCodePipelineInThisAccount"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "codepipeline.amazonaws.com" }
      Condition = { StringEqualsIfExists = { "aws:SourceAccount" = local.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "artifacts" {
  name = "artifacts"
  role = aws_iam_role.pipeline.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "ReadArtifactBucketSettings"
          Effect   = "Allow"
          Action   = ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"]
          Resource = local.artifact_bucket_arn
        },
        {
          Sid      = "ReadAndWriteArtifacts"
          Effect   = "Allow"
          Action   = concat(["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl"], local.source.artifact_actions)
          Resource = "${local.artifact_bucket_arn}/*"
        },
      ],
      var.encryption == null ? [] : [{
        Sid      = "EncryptAndDecryptArtifacts"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = var.encryption.kms_key_arn
        Condition = {
          StringEquals = { "kms:ViaService" = "s3.${local.region}.${local.dns_suffix}" }
          # Of the bucket where it uses a bucket key, else of the object.
          StringLike = { "kms:EncryptionContext:aws:s3:arn" = [local.artifact_bucket_arn, "${local.artifact_bucket_arn}/*"] }
        }
      }],
    )
  })
}
