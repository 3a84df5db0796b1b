# The pipeline's role, and its permissions for artifacts; those for its stages are in iam_stages.tf.
# https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html

resource "aws_iam_role" "pipeline" {
  name                 = "${var.name}-pipeline"
  path                 = var.role_path
  description          = "Pipeline ${var.name}"
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags

  # IfExists: AWS does not document that CodePipeline sends aws:SourceAccount, and without IfExists the
  # pipeline could not run if it does not.
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
          # The bucket's ARN if S3 uses a bucket key, the object's otherwise.
          StringLike = { "kms:EncryptionContext:aws:s3:arn" = [local.artifact_bucket_arn, "${local.artifact_bucket_arn}/*"] }
        }
      }],
    )
  })
}
