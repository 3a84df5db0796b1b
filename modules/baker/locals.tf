# Values that several files use.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  dns_suffix = data.aws_partition.current.dns_suffix
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  function_name = "${var.name}-baker"

  # What makes an image or a snapshot this pipeline's own.
  own_tag = "asg-ami-pipeline:pipeline"

  in_region = { StringEquals = { "aws:RequestedRegion" = local.region } }
  images    = "arn:${local.partition}:ec2:${local.region}::image/*"
  instances = "arn:${local.partition}:ec2:${local.region}:${local.account_id}:instance/*"
}
