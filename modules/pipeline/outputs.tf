locals {
  consoles = { aws-cn = "console.amazonaws.cn", aws-us-gov = "console.amazonaws-us-gov.com" }
  console  = lookup(local.consoles, local.partition, "console.aws.amazon.com")
}

output "pipeline_name" {
  description = "Name of the pipeline."
  value       = aws_codepipeline.pipeline.name
}

output "pipeline_arn" {
  description = "ARN of the pipeline."
  value       = aws_codepipeline.pipeline.arn
}

output "console_url" {
  description = "URL of the pipeline in the AWS console."
  value       = "https://${local.console}/codesuite/codepipeline/pipelines/${aws_codepipeline.pipeline.name}/view?region=${local.region}"
}

output "repository_clone_url" {
  description = "HTTPS URL for cloning the repository and pushing to it; null for a source in S3."
  value       = local.source.clone_url
}

output "artifact_bucket_name" {
  description = "Name of the artifact bucket."
  value       = aws_s3_bucket.artifacts.bucket
}

output "artifact_bucket_arn" {
  description = "ARN of the artifact bucket."
  value       = aws_s3_bucket.artifacts.arn
}

output "role_name" {
  description = "Name of the pipeline's role."
  value       = aws_iam_role.pipeline.name
}

output "role_arn" {
  description = "ARN of the pipeline's role."
  value       = aws_iam_role.pipeline.arn
}

output "notification_topic_arn" {
  description = "ARN of the SNS topic that receives failed executions."
  value       = aws_sns_topic.notifications.arn
}
