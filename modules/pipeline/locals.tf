# Values used in several files.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  dns_suffix = data.aws_partition.current.dns_suffix
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  in_region   = { StringEquals = { "aws:RequestedRegion" = local.region } }
  kms_key_arn = var.encryption == null ? null : var.encryption.kms_key_arn

  artifact_bucket_arn = "arn:${local.partition}:s3:::${aws_s3_bucket.artifacts.bucket}"
}
