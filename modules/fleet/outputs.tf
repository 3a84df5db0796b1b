output "auto_scaling_group_name" {
  description = "Name of the Auto Scaling group."
  value       = aws_autoscaling_group.fleet.name
}

output "auto_scaling_group_arn" {
  description = "ARN of the Auto Scaling group."
  value       = aws_autoscaling_group.fleet.arn
}

output "launch_template_id" {
  description = "ID of the launch template."
  value       = aws_launch_template.fleet.id
}

output "launch_template_arn" {
  description = "ARN of the launch template."
  value       = aws_launch_template.fleet.arn
}

output "launch_template_name" {
  description = "Name of the launch template."
  value       = aws_launch_template.fleet.name
}

output "instance_role_name" {
  description = "Name of the instances' role. Attach to it the policies that the application needs."
  value       = aws_iam_role.instance.name
}

output "instance_role_arn" {
  description = "ARN of the instances' role."
  # Computed, so that policies with it are known at plan time, before the role exists.
  value      = local.role_arn
  depends_on = [aws_iam_role.instance]
}

output "instance_profile_arn" {
  description = "ARN of the instance profile."
  value       = aws_iam_instance_profile.instance.arn
}

output "security_group_id" {
  description = "ID of the instances' security group. Allow it in the security groups of whatever the instances connect to."
  value       = aws_security_group.instances.id
}
