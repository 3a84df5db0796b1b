# The Auto Scaling group that the team already has, with the longest possible name and with settings in the
# launch template that the fleet module does not offer.

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
