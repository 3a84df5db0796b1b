# Values used in several files.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  dns_suffix = data.aws_partition.current.dns_suffix
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  has_load_balancer = var.load_balancer != null
  instance_tags     = merge({ Name = var.name }, var.tags)
  kms_key_arn       = var.encryption == null ? null : var.encryption.kms_key_arn
}
