# A team that already has an Auto Scaling group and adds deployment, baker and pipeline to it, with a source
# in S3. The group has the longest name that Auto Scaling allows; the launch template has settings that
# the fleet module does not offer.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

locals {
  name       = "billing"
  group_name = join("-", ["billing", join("", [for _ in range(247) : "x"])])
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

resource "aws_vpc" "network" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "instances" {
  vpc_id     = aws_vpc.network.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_launch_template" "fleet" {
  name          = local.name
  image_id      = data.aws_ssm_parameter.image.insecure_value
  instance_type = "t4g.small"
  ebs_optimized = true

  iam_instance_profile {
    arn = aws_iam_instance_profile.instance.arn
  }

  instance_market_options {
    market_type = "spot"
  }

  metadata_options {
    http_tokens            = "required"
    instance_metadata_tags = "enabled"
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type = "gp3"
      volume_size = 20
      encrypted   = true
    }
  }

  block_device_mappings {
    device_name = "/dev/sdf"

    ebs {
      volume_type = "gp3"
      volume_size = 5
    }
  }

  tag_specifications {
    resource_type = "instance"
    tags          = { Name = local.name }
  }

  lifecycle {
    ignore_changes = [image_id, description]
  }
}

resource "aws_autoscaling_group" "fleet" {
  name                = local.group_name
  min_size            = 1
  max_size            = 3
  vpc_zone_identifier = [aws_subnet.instances.id]

  launch_template {
    id      = aws_launch_template.fleet.id
    version = "$Latest"
  }

  lifecycle {
    ignore_changes = [desired_capacity]
  }
}

resource "aws_iam_role" "instance" {
  name = "${local.name}-host"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_instance_profile" "instance" {
  name = "${local.name}-host"
  role = aws_iam_role.instance.name
}

resource "aws_s3_bucket" "releases" {
  bucket        = "billing-releases"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "releases" {
  bucket = aws_s3_bucket.releases.bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_notification" "releases" {
  bucket      = aws_s3_bucket.releases.bucket
  eventbridge = true
}

module "deployment" {
  source = "../../../../modules/deployment"

  name                    = local.name
  auto_scaling_group_name = aws_autoscaling_group.fleet.name
}

module "baker" {
  source = "../../../../modules/baker"

  name                    = local.name
  pipeline_name           = local.name
  codedeploy              = module.deployment
  auto_scaling_group_name = aws_autoscaling_group.fleet.name
  launch_template_id      = aws_launch_template.fleet.id
}

module "pipeline" {
  source = "../../../../modules/pipeline"

  name           = local.name
  codedeploy     = module.deployment
  automation     = { function_name = module.baker.function_name }
  execution_mode = "QUEUED"

  artifact_reader_arns = [aws_iam_role.instance.arn]

  source_stage = {
    s3 = { bucket = aws_s3_bucket.releases.bucket, key = "billing.zip" }
  }
}

output "service" {
  value = {
    pipeline_name           = module.pipeline.pipeline_name
    function_name           = module.baker.function_name
    function_role_arn       = module.baker.role_arn
    launch_template_id      = aws_launch_template.fleet.id
    auto_scaling_group_name = aws_autoscaling_group.fleet.name
    release_bucket          = aws_s3_bucket.releases.bucket
  }
}
