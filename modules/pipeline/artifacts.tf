# The artifact bucket: the pipeline stores each revision in it, and every instance downloads it from there.

locals {
  artifact_writer_arns = concat(
    ["arn:${local.partition}:iam::${local.account_id}:role${var.role_path}${var.name}-pipeline"],
    var.build == null ? [] : [var.build.service_role_arn],
  )
}

resource "aws_s3_bucket" "artifacts" {
  # checkov:skip=CKV_AWS_18: only named roles have access; CloudTrail can log it
  # checkov:skip=CKV_AWS_144: an artifact is only used in its own region, and can be made again from the source
  # checkov:skip=CKV_AWS_145: only with `encryption`; otherwise with Amazon S3's own key
  # checkov:skip=CKV2_AWS_62: only the pipeline needs to know of new artifacts

  bucket = "${var.name}-${local.account_id}-${local.region}"
  # Artifacts can be made again from the source, so they are deleted with the pipeline.
  force_destroy = true
  tags          = var.tags
}

resource "aws_s3_bucket_public_access_block" "artifacts" {
  bucket                  = aws_s3_bucket.artifacts.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# In addition to the roles' own policies: nobody else in the account, not even its administrators, can
# read or replace what is going to run on the instances.
resource "aws_s3_bucket_policy" "artifacts" {
  bucket = aws_s3_bucket.artifacts.bucket

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "DenyUnencryptedTransport"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [local.artifact_bucket_arn, "${local.artifact_bucket_arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "DenyTlsBefore12"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [local.artifact_bucket_arn, "${local.artifact_bucket_arn}/*"]
        Condition = { NumericLessThan = { "s3:TlsVersion" = "1.2" } }
      },
      {
        Sid       = "DenyReadsByOthers"
        Effect    = "Deny"
        Principal = "*"
        Action    = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource  = "${local.artifact_bucket_arn}/*"
        Condition = { ArnNotEquals = { "aws:PrincipalArn" = concat(local.artifact_writer_arns, var.artifact_reader_arns) } }
      },
      {
        Sid       = "DenyWritesByOthers"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${local.artifact_bucket_arn}/*"
        Condition = { ArnNotEquals = { "aws:PrincipalArn" = local.artifact_writer_arns } }
      },
    ]
  })

  # S3 rejects concurrent changes to a bucket's access settings.
  depends_on = [aws_s3_bucket_public_access_block.artifacts]
}

resource "aws_s3_bucket_server_side_encryption_configuration" "artifacts" {
  bucket = aws_s3_bucket.artifacts.bucket

  rule {
    # A bucket key saves a request to KMS per object.
    bucket_key_enabled = var.encryption != null

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.encryption != null ? "aws:kms" : "AES256"
      kms_master_key_id = local.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_versioning" "artifacts" {
  bucket = aws_s3_bucket.artifacts.bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "artifacts" {
  bucket = aws_s3_bucket.artifacts.bucket

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    dynamic "expiration" {
      for_each = var.artifact_expiration_days == null ? [] : [var.artifact_expiration_days]

      content {
        days = expiration.value
      }
    }

    # An artifact is written once, so a noncurrent version has expired or was deleted.
    noncurrent_version_expiration {
      noncurrent_days = 7
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.artifacts]
}
