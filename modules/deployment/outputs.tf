output "application_name" {
  description = "Name of the CodeDeploy application."
  value       = aws_codedeploy_app.application.name
}

output "deployment_group_name" {
  description = "Name of the deployment group."
  value       = aws_codedeploy_deployment_group.fleet.deployment_group_name
}

output "config_name" {
  description = "Name of the deployment configuration."
  value       = aws_codedeploy_deployment_group.fleet.deployment_config_name
}

output "deployment_group_arn" {
  description = "ARN of the deployment group."
  value       = aws_codedeploy_deployment_group.fleet.arn
}

output "role_name" {
  description = "Name of CodeDeploy's service role."
  value       = aws_iam_role.codedeploy.name
}

output "role_arn" {
  description = "ARN of CodeDeploy's service role."
  value       = aws_iam_role.codedeploy.arn
}
