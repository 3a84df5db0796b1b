# The CodeDeploy application and the deployment group that updates the Auto Scaling group in place.

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
  depends_on = [aws_iam_role_policy_attachment.managed, aws_iam_role_policy.scoped]
}

locals {
  has_load_balancer = length(var.target_group_names) > 0
  has_alarms        = length(var.alarm_names) > 0
}
