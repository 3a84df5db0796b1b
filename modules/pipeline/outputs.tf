output "pipeline_name" {
  description = "Name of the pipeline."
  value       = aws_codepipeline.pipeline.name
}

output "pipeline_arn" {
  description = "ARN of the pipeline."
  value       = aws_codepipeline.pipeline.arn
}

output "console_url" {
  description = "Address of the pipeline in the AWS console."
  value       = "https://${local.console}/codesuite/codepipeline/pipelines/${aws_codepipeline.pipeline.name}/view?region=${local.region}"
}

output "repository_clone_url" {
  description = "HTTPS address to clone the repository from and to push to; null for a source in S3."
  value = local.codecommit == null ? null : format(
    "https://git-codecommit.%s.%s/v1/repos/%s",
    local.region, data.aws_partition.current.dns_suffix, local.codecommit.repository_name
  )
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
  description = "ARN of the SNS topic that hears of each execution that fails."
  value       = aws_sns_topic.notifications.arn
}
