mock_provider "aws" {
  source = "./tests/terraform/mocks"
}

variables {
  name                 = "shop"
  vpc_id               = "vpc-0123456789abcdef0"
  subnet_ids           = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  artifact_bucket_name = "shop-artifacts"
  load_balancer = {
    target_group_arns = ["arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/0123456789abcdef"]
    security_group_id = "sg-0123456789abcdef1"
  }
  instance = {
    type               = "t3.small"
    key_name           = "operators"
    security_group_ids = ["sg-0123456789abcdef2"]
    user_data          = "#!/bin/bash\necho hello"
    root_volume        = { size = 20, iops = 4000, throughput = 250 }
  }
  capacity = { min = 1, desired = 2, max = 3 }
  tags     = { team = "web" }
}

run "group_launches_the_latest_version" {
  command = plan
  module { source = "./modules/fleet" }

  assert {
    condition     = aws_autoscaling_group.fleet.launch_template[0].version == "$Latest"
    error_message = "The group must launch the latest version, which has the baked image."
  }
  assert {
    condition     = aws_autoscaling_group.fleet.name == "shop" && aws_launch_template.fleet.name == "shop"
    error_message = "The Auto Scaling group and the launch template must have the given name."
  }
  assert {
    condition = [
      aws_autoscaling_group.fleet.min_size, aws_autoscaling_group.fleet.desired_capacity, aws_autoscaling_group.fleet.max_size
    ] == [1, 2, 3]
    error_message = "The group must have the given sizes."
  }
  assert {
    condition     = aws_autoscaling_group.fleet.vpc_zone_identifier == toset(var.subnet_ids)
    error_message = "The group must launch into the given subnets."
  }
}

run "instances_are_hardened" {
  command = plan
  module { source = "./modules/fleet" }

  assert {
    condition = (
      aws_launch_template.fleet.metadata_options[0].http_tokens == "required" &&
      aws_launch_template.fleet.metadata_options[0].http_endpoint == "enabled" &&
      aws_launch_template.fleet.metadata_options[0].http_put_response_hop_limit == 1
    )
    error_message = "Instances must require IMDSv2, with a hop limit of 1."
  }
  assert {
    condition = (
      aws_launch_template.fleet.block_device_mappings[0].device_name == "/dev/xvda" &&
      aws_launch_template.fleet.block_device_mappings[0].ebs[0].encrypted == "true" &&
      aws_launch_template.fleet.block_device_mappings[0].ebs[0].delete_on_termination == "true" &&
      aws_launch_template.fleet.block_device_mappings[0].ebs[0].volume_type == "gp3" &&
      aws_launch_template.fleet.block_device_mappings[0].ebs[0].volume_size == 20 &&
      aws_launch_template.fleet.block_device_mappings[0].ebs[0].iops == 4000 &&
      aws_launch_template.fleet.block_device_mappings[0].ebs[0].throughput == 250
    )
    error_message = "The root volume must be the encrypted gp3 volume that was asked for."
  }
  assert {
    condition     = aws_launch_template.fleet.monitoring[0].enabled == false
    error_message = "Detailed monitoring costs extra and must be off unless asked for."
  }
  assert {
    condition     = aws_launch_template.fleet.instance_type == "t3.small" && aws_launch_template.fleet.key_name == "operators"
    error_message = "Instance type and key pair must be those that were asked for."
  }
}

run "instances_get_own_and_extra_security_groups" {
  module { source = "./modules/fleet" }

  assert {
    condition     = aws_launch_template.fleet.vpc_security_group_ids == toset([output.security_group_id, "sg-0123456789abcdef2"])
    error_message = "Instances must be in the module's security group and in the extra ones."
  }
  assert {
    condition     = output.launch_template_id == "lt-0123456789abcdef0" && output.instance_role_name == "shop-instance"
    error_message = "Outputs must be the names and IDs of the resources."
  }
}

run "tags_reach_what_is_launched" {
  command = plan
  module { source = "./modules/fleet" }

  assert {
    condition = (
      [for specification in aws_launch_template.fleet.tag_specifications : specification.resource_type] == ["instance", "volume", "network-interface"] &&
      alltrue([for specification in aws_launch_template.fleet.tag_specifications : specification.tags == tomap({ Name = "shop", team = "web" })])
    )
    error_message = "Instances, volumes and network interfaces must have Name and the tags."
  }
  assert {
    condition = alltrue([
      for resource in [aws_launch_template.fleet, aws_security_group.instances, aws_iam_role.instance, aws_iam_instance_profile.instance] :
      lookup(resource.tags, "team", "") == "web"
    ])
    error_message = "Every resource of the module must have the tags."
  }
  assert {
    condition     = [for tag in aws_autoscaling_group.fleet.tag : [tag.key, tag.value, tag.propagate_at_launch]] == [["team", "web", false]]
    error_message = "The group must have the tags, and leave those of instances to the launch template."
  }
}

run "a_load_balancer_checks_health_and_has_access" {
  command = plan
  module { source = "./modules/fleet" }

  assert {
    condition = (
      aws_autoscaling_group.fleet.health_check_type == "ELB" &&
      aws_autoscaling_group.fleet.health_check_grace_period == 300 &&
      aws_autoscaling_group.fleet.target_group_arns == toset(var.load_balancer.target_group_arns)
    )
    error_message = "With a load balancer the group must be registered with its target groups and use their health checks."
  }
  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.load_balancer[0].referenced_security_group_id == "sg-0123456789abcdef1" &&
      aws_vpc_security_group_ingress_rule.load_balancer[0].ip_protocol == "tcp" &&
      aws_vpc_security_group_ingress_rule.load_balancer[0].from_port == 80 &&
      aws_vpc_security_group_ingress_rule.load_balancer[0].to_port == 80
    )
    error_message = "Only the load balancer must have access, on its port."
  }
}

run "without_a_load_balancer_there_is_no_inbound_access" {
  command = plan
  module { source = "./modules/fleet" }
  variables { load_balancer = null }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.load_balancer) == 0
    error_message = "There must be no ingress rule."
  }
  assert {
    condition     = aws_autoscaling_group.fleet.health_check_type == "EC2"
    error_message = "Without a load balancer the group must use EC2's health checks."
  }
}

run "volumes_have_the_given_key_and_auto_scaling_may_use_it" {
  command = plan
  module { source = "./modules/fleet" }
  variables { encryption = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555" } }

  assert {
    condition = (
      aws_launch_template.fleet.block_device_mappings[0].ebs[0].kms_key_id == var.encryption.kms_key_arn &&
      aws_kms_grant.auto_scaling[0].key_id == var.encryption.kms_key_arn &&
      aws_kms_grant.auto_scaling[0].grantee_principal == "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    )
    error_message = "Auto Scaling must be granted use of the key; without it no instance can be launched."
  }
}

run "without_a_key_nothing_is_granted" {
  command = plan
  module { source = "./modules/fleet" }

  assert {
    condition     = length(aws_kms_grant.auto_scaling) == 0 && strcontains(aws_iam_role_policy.artifacts.policy, "kms:") == false
    error_message = "Without a key there must be no grant."
  }
}

run "roles_have_path_and_permissions_boundary" {
  command = plan
  module { source = "./modules/fleet" }
  variables {
    role_path                = "/platform/web/"
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/platform/boundary"
  }

  assert {
    condition = (
      aws_iam_role.instance.path == "/platform/web/" && aws_iam_instance_profile.instance.path == "/platform/web/" &&
      aws_iam_role.instance.permissions_boundary == "arn:aws:iam::123456789012:policy/platform/boundary" &&
      output.instance_role_arn == "arn:aws:iam::123456789012:role/platform/web/shop-instance"
    )
    error_message = "The role must have the path and the permissions boundary."
  }
}

run "the_first_image_is_amazon_linux_for_the_architecture" {
  command = plan
  module { source = "./modules/fleet" }
  variables { instance = { type = "t4g.micro" } }

  override_data {
    target = data.aws_ec2_instance_type.chosen
    values = { supported_architectures = ["arm64"] }
  }

  assert {
    condition     = data.aws_ssm_parameter.first_image.name == "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    error_message = "An arm64 instance type needs an arm64 image."
  }
  assert {
    condition     = aws_launch_template.fleet.image_id == "ami-0123456789abcdef0"
    error_message = "The first image must be the one that the public parameter names."
  }
}

run "an_x86_64_type_gets_an_x86_64_image" {
  command = plan
  module { source = "./modules/fleet" }

  override_data {
    target = data.aws_ec2_instance_type.chosen
    values = { supported_architectures = ["i386", "x86_64"] }
  }

  assert {
    condition     = data.aws_ssm_parameter.first_image.name == "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    error_message = "An x86_64 instance type needs an x86_64 image."
  }
}

run "user_data_comes_before_the_agent" {
  command = plan
  module { source = "./modules/fleet" }

  assert {
    condition     = can(regex("(?s)^#!/usr/bin/env bash\n.*\\(\necho hello\n\\).*AGENT_DOWNLOADS=https://aws-codedeploy-eu-west-1\\.s3\\.eu-west-1\\.amazonaws\\.com\n.*latestv2/install", base64decode(aws_launch_template.fleet.user_data)))
    error_message = "The script must run the extra user data, then install the agent from the region's bucket."
  }
  assert {
    condition     = length(regexall("(?m)^#!", base64decode(aws_launch_template.fleet.user_data))) == 1
    error_message = "The script must have one shebang."
  }
}

# Values that are rejected

run "name_with_capitals" {
  command = plan
  module { source = "./modules/fleet" }
  variables { name = "Shop" }
  expect_failures = [var.name]
}

run "name_of_33_characters" {
  command = plan
  module { source = "./modules/fleet" }
  variables { name = "a23456789-123456789-123456789-123" }
  expect_failures = [var.name]
}

run "vpc_by_name" {
  command = plan
  module { source = "./modules/fleet" }
  variables { vpc_id = "network" }
  expect_failures = [var.vpc_id]
}

run "no_subnets" {
  command = plan
  module { source = "./modules/fleet" }
  variables { subnet_ids = [] }
  expect_failures = [var.subnet_ids]
}

run "subnets_by_name" {
  command = plan
  module { source = "./modules/fleet" }
  variables { subnet_ids = ["subnet-0123456789abcdef0", "private"] }
  expect_failures = [var.subnet_ids]
}

run "a_subnet_twice" {
  command = plan
  module { source = "./modules/fleet" }
  variables { subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef0"] }
  expect_failures = [var.subnet_ids]
}

run "load_balancer_without_target_groups" {
  command = plan
  module { source = "./modules/fleet" }
  variables {
    load_balancer = { target_group_arns = [], security_group_id = "sg-0123456789abcdef1" }
  }
  expect_failures = [var.load_balancer]
}

run "load_balancer_instead_of_a_target_group" {
  command = plan
  module { source = "./modules/fleet" }
  variables {
    load_balancer = {
      target_group_arns = ["arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/0123456789abcdef"]
      security_group_id = "sg-0123456789abcdef1"
    }
  }
  expect_failures = [var.load_balancer]
}

run "load_balancer_security_group_by_name" {
  command = plan
  module { source = "./modules/fleet" }
  variables {
    load_balancer = {
      target_group_arns = ["arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/0123456789abcdef"]
      security_group_id = "public"
    }
  }
  expect_failures = [var.load_balancer]
}

run "load_balancer_port_70000" {
  command = plan
  module { source = "./modules/fleet" }
  variables {
    load_balancer = {
      target_group_arns = ["arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/0123456789abcdef"]
      security_group_id = "sg-0123456789abcdef1"
      port              = 70000
    }
  }
  expect_failures = [var.load_balancer]
}

run "load_balancer_grace_period_below_zero" {
  command = plan
  module { source = "./modules/fleet" }
  variables {
    load_balancer = {
      target_group_arns         = ["arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/0123456789abcdef"]
      security_group_id         = "sg-0123456789abcdef1"
      health_check_grace_period = -1
    }
  }
  expect_failures = [var.load_balancer]
}

run "artifact_bucket_by_arn" {
  command = plan
  module { source = "./modules/fleet" }
  variables { artifact_bucket_name = "arn:aws:s3:::shop-artifacts" }
  expect_failures = [var.artifact_bucket_name]
}

run "artifact_bucket_with_a_wildcard" {
  command = plan
  module { source = "./modules/fleet" }
  variables { artifact_bucket_name = "shop*" }
  expect_failures = [var.artifact_bucket_name]
}

run "instance_type_without_a_size" {
  command = plan
  module { source = "./modules/fleet" }
  variables { instance = { type = "t3" } }
  expect_failures = [var.instance]
}

run "instance_key_name_with_a_space_at_its_end" {
  command = plan
  module { source = "./modules/fleet" }
  variables { instance = { key_name = "operators " } }
  expect_failures = [var.instance]
}

run "instance_security_group_by_name" {
  command = plan
  module { source = "./modules/fleet" }
  variables { instance = { security_group_ids = ["default"] } }
  expect_failures = [var.instance]
}

run "instance_user_data_as_cloud_config" {
  command = plan
  module { source = "./modules/fleet" }
  variables { instance = { user_data = "#cloud-config\npackages: [httpd]\n" } }
  expect_failures = [var.instance]
}

run "instance_user_data_in_python" {
  command = plan
  module { source = "./modules/fleet" }
  variables { instance = { user_data = "#!/usr/bin/env python3\nprint(1)\n" } }
  expect_failures = [var.instance]
}

run "instance_user_data_that_is_too_long" {
  command = plan
  module { source = "./modules/fleet" }
  variables { instance = { user_data = join("\n", [for line in range(400) : "echo 'one of many lines of forty characters'"]) } }
  expect_failures = [aws_launch_template.fleet]
}

run "instance_type_that_amazon_linux_does_not_support" {
  command = plan
  module { source = "./modules/fleet" }
  variables { instance = { type = "mac2.metal" } }

  override_data {
    target = data.aws_ec2_instance_type.chosen
    values = { supported_architectures = ["arm64_mac"] }
  }

  expect_failures = [aws_launch_template.fleet]
}

run "root_volume_smaller_than_the_image" {
  command = plan
  module { source = "./modules/fleet" }
  variables { instance = { root_volume = { size = 4 } } }
  expect_failures = [var.instance]
}

run "root_volume_of_half_a_gib" {
  command = plan
  module { source = "./modules/fleet" }
  variables { instance = { root_volume = { size = 8.5 } } }
  expect_failures = [var.instance]
}

run "root_volume_with_fewer_iops_than_gp3_has" {
  command = plan
  module { source = "./modules/fleet" }
  variables { instance = { root_volume = { size = 100, iops = 100 } } }
  expect_failures = [var.instance]
}

run "root_volume_with_more_iops_than_its_size_allows" {
  command = plan
  module { source = "./modules/fleet" }
  variables { instance = { root_volume = { size = 8, iops = 5000 } } }
  expect_failures = [var.instance]
}

run "root_volume_with_more_throughput_than_its_iops_allow" {
  command = plan
  module { source = "./modules/fleet" }
  variables { instance = { root_volume = { throughput = 1000 } } }
  expect_failures = [var.instance]
}

run "capacity_of_half_an_instance" {
  command = plan
  module { source = "./modules/fleet" }
  variables { capacity = { min = 0.5 } }
  expect_failures = [var.capacity]
}

run "capacity_with_min_above_max" {
  command = plan
  module { source = "./modules/fleet" }
  variables { capacity = { min = 5, max = 4 } }
  expect_failures = [var.capacity]
}

run "capacity_with_desired_above_max" {
  command = plan
  module { source = "./modules/fleet" }
  variables { capacity = { desired = 9, max = 4 } }
  expect_failures = [var.capacity]
}

run "tags_of_aws" {
  command = plan
  module { source = "./modules/fleet" }
  variables { tags = { "aws:team" = "web" } }
  expect_failures = [var.tags]
}

run "tags_of_the_images" {
  command = plan
  module { source = "./modules/fleet" }
  variables { tags = { "asg-ami-pipeline:pipeline" = "other" } }
  expect_failures = [var.tags]
}

run "tags_with_a_line_break" {
  command = plan
  module { source = "./modules/fleet" }
  variables { tags = { team = "web\nshop" } }
  expect_failures = [var.tags]
}

run "too_many_tags" {
  command = plan
  module { source = "./modules/fleet" }
  variables { tags = { for number in range(41) : "tag${number}" => "x" } }
  expect_failures = [var.tags]
}

run "an_account_without_the_auto_scaling_role" {
  command = plan
  module { source = "./modules/fleet" }
  variables { encryption = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555" } }

  override_data {
    target = data.aws_iam_roles.auto_scaling[0]
    values = { names = [] }
  }

  expect_failures = [aws_kms_grant.auto_scaling]
}

run "a_key_of_another_region" {
  command = plan
  module { source = "./modules/fleet" }
  variables { encryption = { kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555" } }
  expect_failures = [aws_kms_grant.auto_scaling]
}

run "a_key_by_its_alias" {
  command = plan
  module { source = "./modules/fleet" }
  variables { encryption = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:alias/shop" } }
  expect_failures = [var.encryption]
}

run "a_role_path_without_slashes" {
  command = plan
  module { source = "./modules/fleet" }
  variables { role_path = "platform" }
  expect_failures = [var.role_path]
}
