# The CodeDeploy application and the deployment group that updates the Auto Scaling group in place.

data "aws_partition" "current" {}

resource "aws_codedeploy_app" "application" {
  name             = var.name
  compute_platform = "Server"
  tags             = var.tags
}

resource "aws_codedeploy_deployment_group" "fleet" {
  app_name               = aws_codedeploy_app.application.name
  deployment_group_name  = var.name
  deployment_config_name = var.config_name
  service_role_arn       = aws_iam_role.codedeploy.arn
  autoscaling_groups     = [var.auto_scaling_group_name]
  tags                   = var.tags

  deployment_style {
    deployment_type   = "IN_PLACE"
    deployment_option = local.has_load_balancer ? "WITH_TRAFFIC_CONTROL" : "WITHOUT_TRAFFIC_CONTROL"
  }

  dynamic "load_balancer_info" {
    for_each = local.has_load_balancer ? ["targets"] : []

    content {
      dynamic "target_group_info" {
        for_each = var.target_group_names

        content {
          name = target_group_info.value
        }
      }
    }
  }

  auto_rollback_configuration {
    enabled = true
    events  = concat(["DEPLOYMENT_FAILURE"], local.has_alarms ? ["DEPLOYMENT_STOP_ON_ALARM"] : [])
  }

  dynamic "alarm_configuration" {
    for_each = local.has_alarms ? ["alarms"] : []

    content {
      enabled = true
      alarms  = var.alarm_names
    }
  }

  # CodeDeploy puts its launch hook on the Auto Scaling group with this role.
  depends_on = [aws_iam_role_policy_attachment.codedeploy]
}

locals {
  has_load_balancer = length(var.target_group_names) > 0
  has_alarms        = length(var.alarm_names) > 0
}

resource "aws_iam_role" "codedeploy" {
  name        = "${var.name}-codedeploy"
  description = "CodeDeploy for ${var.name}"
  tags        = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "CodeDeploy"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "codedeploy.amazonaws.com" }
    }]
  })
}

# The AWS managed policy, which follows what CodeDeploy comes to need. AWS's guide adds ec2:RunInstances,
# ec2:CreateTags and iam:PassRole for groups with a launch template: those are asked of whoever creates
# or updates such a group (Amazon EC2 Auto Scaling User Guide, "Control Amazon EC2 launch template
# usage"), which CodeDeploy does in blue/green deployments only. In place it needs none of them.
resource "aws_iam_role_policy_attachment" "codedeploy" {
  role       = aws_iam_role.codedeploy.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSCodeDeployRole"
}
