# What is updated, and how

variable "auto_scaling_group_name" {
  description = <<-EOT
    Auto Scaling group whose instances are updated. CodeDeploy also deploys to every instance that the group
    launches. A group can belong to one deployment group only.
  EOT
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[ !\"#%-)+-9;->@-~]{1,255}$", var.auto_scaling_group_name))
    error_message = "auto_scaling_group_name must be the name of an Auto Scaling group, not its ARN: 1 to 255 ASCII characters other than : * ? and $, which have a special meaning in IAM policies."
  }
}

variable "target_group_names" {
  description = <<-EOT
    Names (not ARNs) of the target groups that an instance is taken out of while it is updated. With none,
    instances receive requests while they are updated.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.target_group_names : can(regex("^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$", name))])
    error_message = "target_group_names must be names of target groups, not ARNs: 1 to 32 letters, digits and hyphens."
  }

  validation {
    condition     = length(var.target_group_names) <= 10
    error_message = "At most 10 target_group_names are allowed, which is CodeDeploy's limit."
  }
}

variable "config_name" {
  description = <<-EOT
    CodeDeploy deployment configuration, which determines how many instances are updated at once. The default is
    the fastest; with CodeDeployDefault.HalfAtATime or CodeDeployDefault.OneAtATime the other instances keep
    serving.
  EOT
  type        = string
  default     = "CodeDeployDefault.AllAtOnce"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._+=,@-]{1,100}$", var.config_name)) && !can(regex("^CodeDeployDefault\\.(Lambda|ECS)", var.config_name))
    error_message = "config_name must be the name of a deployment configuration for EC2 (not for Lambda or ECS), such as CodeDeployDefault.OneAtATime: 1 to 100 letters, digits and . _ + = , @ -."
  }
}

variable "alarm_names" {
  description = "CloudWatch alarms that stop a deployment and roll it back."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.alarm_names : can(regex("^[ !\"#%-)+->@-~]{1,255}$", name)) && !startswith(name, "arn:")])
    error_message = "alarm_names must be names of CloudWatch alarms, not ARNs: 1 to 255 ASCII characters other than * ? and $."
  }

  validation {
    condition     = length(var.alarm_names) <= 10
    error_message = "At most 10 alarm_names are allowed, which is CodeDeploy's limit."
  }
}

# Service role

variable "service_role_policy" {
  description = <<-EOT
    What CodeDeploy is allowed to do. `managed` (default): AWS's managed policy AWSCodeDeployRole, which AWS keeps
    up to date but which covers every Auto Scaling group in the account. `scoped`: only what in-place deployments
    use of it, limited to this Auto Scaling group and these target groups.
  EOT
  type        = string
  default     = "managed"
  nullable    = false

  validation {
    condition     = contains(["managed", "scoped"], var.service_role_policy)
    error_message = "service_role_policy must be managed or scoped."
  }
}
