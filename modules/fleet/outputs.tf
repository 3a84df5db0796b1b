output "auto_scaling_group_name" {
  description = "Name of the Auto Scaling group."
  value       = aws_autoscaling_group.fleet.name
}

output "auto_scaling_group_arn" {
  description = "ARN of the Auto Scaling group."
  value       = aws_autoscaling_group.fleet.arn
}

output "launch_template_id" {
  description = "Id of the launch template."
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
  description = "Name of the instances' role, to attach what the application needs."
  value       = aws_iam_role.instance.name
}

output "instance_role_arn" {
  description = "ARN of the instances' role."
  # Known before the role exists, as what names it in a policy wants it.
  value      = local.role_arn
  depends_on = [aws_iam_role.instance]
}

output "instance_profile_arn" {
  description = "ARN of the instance profile."
  value       = aws_iam_instance_profile.instance.arn
}

output "security_group_id" {
  description = "Id of the instances' security group, to open what they connect to."
  value       = aws_security_group.instances.id
}
