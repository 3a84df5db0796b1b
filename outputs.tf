# Pipeline

output "pipeline_name" {
  description = "Name of the pipeline."
  value       = module.pipeline.pipeline_name
}

output "pipeline_arn" {
  description = "ARN of the pipeline."
  value       = module.pipeline.pipeline_arn
}

output "pipeline_console_url" {
  description = "URL of the pipeline in the AWS console."
  value       = module.pipeline.console_url
}

output "pipeline_role_arn" {
  description = "ARN of the pipeline's role."
  value       = module.pipeline.role_arn
}

output "repository_clone_url" {
  description = "HTTPS URL for cloning the repository and pushing to it; null for a source in S3."
  value       = module.pipeline.repository_clone_url
}

output "artifact_bucket_name" {
  description = "Name of the artifact bucket."
  value       = module.pipeline.artifact_bucket_name
}

output "notification_topic_arn" {
  description = "ARN of the SNS topic that receives failed executions."
  value       = module.pipeline.notification_topic_arn
}

# CodeDeploy

output "application_name" {
  description = "Name of the CodeDeploy application."
  value       = module.deployment.application_name
}

output "deployment_group_name" {
  description = "Name of the deployment group."
  value       = module.deployment.deployment_group_name
}

output "deployment_role_arn" {
  description = "ARN of CodeDeploy's service role."
  value       = module.deployment.role_arn
}

# Baker

output "function_name" {
  description = "Name of the baker, the Lambda function that makes the images."
  value       = module.baker.function_name
}

output "function_arn" {
  description = "ARN of the function."
  value       = module.baker.function_arn
}

output "function_role_arn" {
  description = "ARN of the function's role."
  value       = module.baker.role_arn
}

output "undo_command" {
  description = "AWS CLI command that puts the previous image back into the launch template."
  value       = "aws lambda invoke --function-name ${module.baker.function_name} --cli-binary-format raw-in-base64-out --payload '{\"undo\": {}}' /dev/stdout"
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = module.baker.log_group_name
}

# Auto Scaling group and launch template

output "auto_scaling_group_name" {
  description = "Name of the Auto Scaling group."
  value       = module.fleet.auto_scaling_group_name
}

output "auto_scaling_group_arn" {
  description = "ARN of the Auto Scaling group."
  value       = module.fleet.auto_scaling_group_arn
}

output "launch_template_id" {
  description = "ID of the launch template."
  value       = module.fleet.launch_template_id
}

output "launch_template_name" {
  description = "Name of the launch template."
  value       = module.fleet.launch_template_name
}

output "instance_role_name" {
  description = "Name of the instances' role. Attach to it the policies that the application needs."
  value       = module.fleet.instance_role_name
}

output "instance_role_arn" {
  description = "ARN of the instances' role."
  value       = module.fleet.instance_role_arn
}

output "security_group_id" {
  description = "ID of the instances' security group. Allow it in the security groups of whatever the instances connect to."
  value       = module.fleet.security_group_id
}

# KMS key

output "kms_key_arn" {
  description = "ARN of the customer managed KMS key; null if there is none."
  value       = local.encryption == null ? null : local.encryption.kms_key_arn
}
