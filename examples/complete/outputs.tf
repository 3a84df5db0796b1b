output "clone_url" {
  description = "URL of the repository; push the application to it."
  value       = module.service.repository_clone_url
}

output "load_balancer_url" {
  description = "URL of the application."
  value       = "http://${aws_lb.public.dns_name}/"
}

output "pipeline_name" {
  description = "Name of the pipeline."
  value       = module.service.pipeline_name
}

output "pipeline_console_url" {
  description = "URL of the pipeline in the AWS console."
  value       = module.service.pipeline_console_url
}

output "auto_scaling_group_name" {
  description = "Name of the Auto Scaling group."
  value       = module.service.auto_scaling_group_name
}

output "launch_template_id" {
  description = "ID of the launch template that gets the baked images."
  value       = module.service.launch_template_id
}
