# Values used in several files.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  dns_suffix = data.aws_partition.current.dns_suffix
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  # The principal of most statements: roles as principals would have to exist before the key. With the
  # account as principal, whoever uses the key also needs an IAM policy that allows it; a condition on
  # aws:PrincipalArn limits the statement to roles. "Resource": "*" in a key policy means the key itself.
  account         = { AWS = "arn:${local.partition}:iam::${local.account_id}:root" }
  role_arn_prefix = "arn:${local.partition}:iam::${local.account_id}:role${var.role_path}${var.name}"
}
