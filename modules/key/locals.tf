# Values that several files use.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  dns_suffix = data.aws_partition.current.dns_suffix
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  # A key's policy is made before the roles exist, so no role can be its principal. The account as
  # principal allows nobody by itself: it lets policies of IAM allow it, those of the roles that the
  # condition names where it names any. "Resource": "*" in a key's policy is that key.
  account         = { AWS = "arn:${local.partition}:iam::${local.account_id}:root" }
  role_arn_prefix = "arn:${local.partition}:iam::${local.account_id}:role${var.role_path}${var.name}"
}
