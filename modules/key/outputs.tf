output "arn" {
  description = "ARN of the key."
  value       = aws_kms_key.pipeline.arn
}

output "alias_name" {
  description = "Name of the key's alias."
  value       = aws_kms_alias.pipeline.name
}
