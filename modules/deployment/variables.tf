variable "auto_scaling_group_name" {
  description = "The Auto Scaling group whose instances are updated. CodeDeploy also deploys to each instance that the group launches. A group belongs to one deployment group."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[ !\"#%-)+-9;->@-~]{1,255}$", var.auto_scaling_group_name))
    error_message = "auto_scaling_group_name must be the name of an Auto Scaling group, not its ARN: 1 to 255 ASCII characters without : * ? and $, which mean something else in a policy."
  }
}

variable "target_group_names" {
  description = "Target groups that an instance is taken out of while it is updated. Names, not ARNs. With none, users meet half-updated instances."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.target_group_names : can(regex("^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$", name))])
    error_message = "target_group_names must be names of target groups, not ARNs: 1 to 32 letters, digits and hyphens."
  }

  validation {
    condition     = length(var.target_group_names) <= 10
    error_message = "target_group_names must be 10 at most, which is what CodeDeploy takes."
  }
}

variable "config_name" {
  description = "CodeDeploy deployment configuration: how many instances are updated at once. The default is the fastest; CodeDeployDefault.HalfAtATime and .OneAtATime keep the others serving."
  type        = string
  default     = "CodeDeployDefault.AllAtOnce"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._+=,@-]{1,100}$", var.config_name)) && !can(regex("^CodeDeployDefault\\.(Lambda|ECS)", var.config_name))
    error_message = "config_name must be the name of a deployment configuration for EC2, such as CodeDeployDefault.OneAtATime: 1 to 100 letters, digits and . _ + = , @ -."
  }
}

variable "alarm_names" {
  description = "CloudWatch alarms that stop a deployment and roll it back."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.alarm_names : can(regex("^[ !\"#%-)+->@-~]{1,255}$", name)) && !startswith(name, "arn:")])
    error_message = "alarm_names must be names of CloudWatch alarms, not ARNs: 1 to 255 ASCII characters without * ? and $."
  }

  validation {
    condition     = length(var.alarm_names) <= 10
    error_message = "alarm_names must be 10 at most, which is what CodeDeploy takes."
  }
}

variable "service_role_policy" {
  description = "What CodeDeploy may do. `managed` (default): AWS's managed policy AWSCodeDeployRole, which follows what CodeDeploy comes to need and covers all groups of the account. `scoped`: what deployments in place use of it, for this Auto Scaling group and these target groups alone."
  type        = string
  default     = "managed"
  nullable    = false

  validation {
    condition     = contains(["managed", "scoped"], var.service_role_policy)
    error_message = "service_role_policy must be managed or scoped."
  }
}
