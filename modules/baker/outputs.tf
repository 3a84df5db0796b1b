output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.baker.function_name
}

output "function_arn" {
  description = "ARN of the function."
  value       = aws_lambda_function.baker.arn
}

output "role_name" {
  description = "Name of the function's role."
  value       = aws_iam_role.baker.name
}

output "role_arn" {
  description = "ARN of the function's role."
  value       = aws_iam_role.baker.arn
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.baker.name
}
