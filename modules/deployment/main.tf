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
    for_each = local.has_load_balancer ? [var.target_group_names] : []

    content {
      dynamic "target_group_info" {
        for_each = load_balancer_info.value

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
    for_each = local.has_alarms ? [var.alarm_names] : []

    content {
      enabled = true
      alarms  = alarm_configuration.value
    }
  }

  # CodeDeploy uses the role to create its lifecycle hook on the Auto Scaling group.
  depends_on = [aws_iam_role_policy_attachment.managed, aws_iam_role_policy.scoped]
}
