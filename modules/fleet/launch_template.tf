# The launch template and its first image.

data "aws_ec2_instance_type" "chosen" {
  instance_type = var.instance.type
}

data "aws_ssm_parameter" "first_image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${local.architecture}"
}

locals {
  architecture = contains(data.aws_ec2_instance_type.chosen.supported_architectures, "arm64") ? "arm64" : "x86_64"
  first_image  = data.aws_ssm_parameter.first_image.insecure_value

  security_group_ids = concat([aws_security_group.instances.id], var.instance.security_group_ids)

  # AWS CodeDeploy User Guide, "Resource kit bucket names by Region".
  agent_downloads = format("https://aws-codedeploy-%[1]s.s3.%[1]s.%[2]s", local.region, local.dns_suffix)

  user_data = templatefile("${path.module}/user-data.sh.tftpl", {
    # The template has a #! line of its own.
    extra           = replace(var.instance.user_data, "/^#!.*/", "")
    install_agent   = replace(file("${path.module}/install-agent.sh"), "/^#!.*/", "")
    agent_downloads = local.agent_downloads
  })
}

# No image runs on both architectures, so an instance type of the other one replaces the launch template
# by a new one with Amazon Linux for it.
resource "terraform_data" "architecture" {
  input = local.architecture
}

resource "aws_launch_template" "fleet" {
  name        = var.name
  description = "First image of ${var.name}"

  image_id               = local.first_image
  instance_type          = var.instance.type
  key_name               = var.instance.key_name
  user_data              = base64encode(local.user_data)
  vpc_security_group_ids = local.security_group_ids

  iam_instance_profile {
    arn = aws_iam_instance_profile.instance.arn
  }

  block_device_mappings {
    # The root device of Amazon Linux 2023, and therefore of every image that is based on it.
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = var.instance.root_volume.size
      iops                  = var.instance.root_volume.iops
      throughput            = var.instance.root_volume.throughput
      encrypted             = true
      kms_key_id            = local.kms_key_arn
      delete_on_termination = true
    }
  }

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
    # With one hop, containers on the instance cannot get the instance's credentials.
    http_put_response_hop_limit = 1
  }

  monitoring {
    enabled = var.instance.detailed_monitoring
  }

  dynamic "tag_specifications" {
    for_each = ["instance", "volume", "network-interface"]

    content {
      resource_type = tag_specifications.value
      tags          = local.instance_tags
    }
  }

  tags = var.tags

  lifecycle {
    # Each bake makes a version with a new image and description. The refreshed state has both, so a
    # version that Terraform makes for any other change keeps the baked image.
    ignore_changes       = [image_id, description]
    replace_triggered_by = [terraform_data.architecture]

    precondition {
      condition = length(setintersection(
        data.aws_ec2_instance_type.chosen.supported_architectures, ["arm64", "x86_64"]
      )) > 0
      error_message = "instance.type must be an instance type that Amazon Linux 2023 supports (architecture arm64 or x86_64). The architecture of ${var.instance.type} is ${join(", ", data.aws_ec2_instance_type.chosen.supported_architectures)}."
    }

    precondition {
      # length() counts characters, not bytes; base64 encodes 3 bytes as 4 characters.
      condition     = length(base64encode(local.user_data)) <= 4 * ceil(16384 / 3)
      error_message = "instance.user_data is too long: EC2 allows 16 KB of user data, of which the module itself uses about 2 KB. Download the rest in the script."
    }
  }
}
