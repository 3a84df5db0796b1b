# Values used in several files.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  dns_suffix = data.aws_partition.current.dns_suffix
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  function_name = "${var.name}-baker"

  # Tag, with the pipeline's name as value, of the images and snapshots that belong to the pipeline.
  own_tag = "asg-ami-pipeline:pipeline"

  in_region = { StringEquals = { "aws:RequestedRegion" = local.region } }
  # Images have no account in their ARNs.
  images    = "arn:${local.partition}:ec2:${local.region}::image/*"
  instances = "arn:${local.partition}:ec2:${local.region}:${local.account_id}:instance/*"
}
