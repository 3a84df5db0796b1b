mock_provider "aws" {
  source = "./tests/terraform/mocks"
}

variables {
  name                    = "shop"
  auto_scaling_group_name = "shop-fleet"
  tags                    = { team = "web" }
}

run "the_group_is_updated_in_place" {
  command = plan
  module { source = "./modules/deployment" }

  assert {
    condition     = aws_codedeploy_app.application.name == "shop" && aws_codedeploy_app.application.compute_platform == "Server"
    error_message = "The application must be one for EC2, with the given name."
  }
  assert {
    condition = (
      aws_codedeploy_deployment_group.fleet.deployment_group_name == "shop" &&
      aws_codedeploy_deployment_group.fleet.autoscaling_groups == toset(["shop-fleet"]) &&
      aws_codedeploy_deployment_group.fleet.deployment_style[0].deployment_type == "IN_PLACE" &&
      aws_codedeploy_deployment_group.fleet.deployment_config_name == "CodeDeployDefault.AllAtOnce"
    )
    error_message = "The deployment group must update the Auto Scaling group in place, all instances at once."
  }
  assert {
    condition     = aws_codedeploy_app.application.tags["team"] == "web" && aws_codedeploy_deployment_group.fleet.tags["team"] == "web" && aws_iam_role.codedeploy.tags["team"] == "web"
    error_message = "Every resource of the module must have the tags."
  }
}

run "without_target_groups_there_is_no_traffic_control" {
  command = plan
  module { source = "./modules/deployment" }

  assert {
    condition = (
      aws_codedeploy_deployment_group.fleet.deployment_style[0].deployment_option == "WITHOUT_TRAFFIC_CONTROL" &&
      length(aws_codedeploy_deployment_group.fleet.load_balancer_info) == 0
    )
    error_message = "Without target groups CodeDeploy must not control traffic."
  }
}

run "with_target_groups_instances_are_taken_out" {
  command = plan
  module { source = "./modules/deployment" }
  variables { target_group_names = ["shop", "shop-admin"] }

  assert {
    condition = (
      aws_codedeploy_deployment_group.fleet.deployment_style[0].deployment_option == "WITH_TRAFFIC_CONTROL" &&
      toset(aws_codedeploy_deployment_group.fleet.load_balancer_info[0].target_group_info[*].name) == toset(["shop", "shop-admin"])
    )
    error_message = "CodeDeploy must take instances out of the target groups while it updates them."
  }
}

run "a_failed_deployment_is_rolled_back" {
  command = plan
  module { source = "./modules/deployment" }

  assert {
    condition = (
      aws_codedeploy_deployment_group.fleet.auto_rollback_configuration[0].enabled &&
      aws_codedeploy_deployment_group.fleet.auto_rollback_configuration[0].events == toset(["DEPLOYMENT_FAILURE"]) &&
      length(aws_codedeploy_deployment_group.fleet.alarm_configuration) == 0
    )
    error_message = "A failed deployment must be rolled back; without alarms there must be no alarm configuration."
  }
}

run "an_alarm_stops_a_deployment_and_rolls_it_back" {
  command = plan
  module { source = "./modules/deployment" }
  variables { alarm_names = ["shop errors"] }

  assert {
    condition = (
      aws_codedeploy_deployment_group.fleet.auto_rollback_configuration[0].events == toset(["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]) &&
      aws_codedeploy_deployment_group.fleet.alarm_configuration[0].enabled &&
      aws_codedeploy_deployment_group.fleet.alarm_configuration[0].alarms == toset(["shop errors"])
    )
    error_message = "The alarms must stop deployments and roll them back."
  }
}

run "the_service_role_has_the_managed_policy_of_its_partition" {
  command = plan
  module { source = "./modules/deployment" }

  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-us-gov" }
  }

  assert {
    condition     = aws_iam_role_policy_attachment.managed[0].policy_arn == "arn:aws-us-gov:iam::aws:policy/service-role/AWSCodeDeployRole"
    error_message = "The role must have AWS's managed policy for CodeDeploy."
  }
}

run "the_service_role_can_be_limited_to_its_group" {
  command = plan
  module { source = "./modules/deployment" }
  variables { service_role_policy = "scoped" }

  assert {
    condition     = length(aws_iam_role_policy_attachment.managed) == 0 && length(aws_iam_role_policy.scoped) == 1
    error_message = "The module's own policy must replace the managed one."
  }
}

run "roles_have_path_and_permissions_boundary" {
  command = plan
  module { source = "./modules/deployment" }
  variables {
    role_path                = "/platform/web/"
    permissions_boundary_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
  }

  assert {
    condition     = alltrue([for role in [aws_iam_role.codedeploy] : role.path == "/platform/web/" && role.permissions_boundary == "arn:aws:iam::aws:policy/PowerUserAccess"])
    error_message = "Every role must have the path and the permissions boundary."
  }
}

# Values that are rejected

run "name_that_begins_with_a_digit" {
  command = plan
  module { source = "./modules/deployment" }
  variables { name = "1shop" }
  expect_failures = [var.name]
}

run "group_by_arn" {
  command = plan
  module { source = "./modules/deployment" }
  variables { auto_scaling_group_name = "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:0:autoScalingGroupName/shop" }
  expect_failures = [var.auto_scaling_group_name]
}

run "target_group_by_arn" {
  command = plan
  module { source = "./modules/deployment" }
  variables { target_group_names = ["arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/0123456789abcdef"] }
  expect_failures = [var.target_group_names]
}

run "eleven_target_groups" {
  command = plan
  module { source = "./modules/deployment" }
  variables { target_group_names = [for number in range(11) : "shop-${number}"] }
  expect_failures = [var.target_group_names]
}

run "config_name_with_a_space" {
  command = plan
  module { source = "./modules/deployment" }
  variables { config_name = "All at once" }
  expect_failures = [var.config_name]
}

run "config_name_for_lambda" {
  command = plan
  module { source = "./modules/deployment" }
  variables { config_name = "CodeDeployDefault.LambdaAllAtOnce" }
  expect_failures = [var.config_name]
}

run "alarm_by_arn" {
  command = plan
  module { source = "./modules/deployment" }
  variables { alarm_names = ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:shop"] }
  expect_failures = [var.alarm_names]
}

run "alarm_with_an_empty_name" {
  command = plan
  module { source = "./modules/deployment" }
  variables { alarm_names = [""] }
  expect_failures = [var.alarm_names]
}

run "eleven_alarms" {
  command = plan
  module { source = "./modules/deployment" }
  variables { alarm_names = [for number in range(11) : "shop-${number}"] }
  expect_failures = [var.alarm_names]
}

run "tags_of_aws" {
  command = plan
  module { source = "./modules/deployment" }
  variables { tags = { "AWS:team" = "web" } }
  expect_failures = [var.tags]
}

run "tags_with_a_line_break" {
  command = plan
  module { source = "./modules/deployment" }
  variables { tags = { "te\nam" = "web" } }
  expect_failures = [var.tags]
}

run "too_many_tags" {
  command = plan
  module { source = "./modules/deployment" }
  variables { tags = { for number in range(41) : "tag${number}" => "x" } }
  expect_failures = [var.tags]
}

run "service_role_policy_of_another_kind" {
  command = plan
  module { source = "./modules/deployment" }
  variables { service_role_policy = "AWSCodeDeployRole" }
  expect_failures = [var.service_role_policy]
}
