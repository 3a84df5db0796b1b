variable "name" {
  description = "Name of the application and of its deployment group. Unique in the account, because the service role is named from it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name))
    error_message = "name must be 2 to 32 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen."
  }
}

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

# The service role

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


variable "role_path" {
  description = "IAM path of the service role, such as `/platform/`."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/([A-Za-z0-9+=,.@_-]+/)*$", var.role_path)) && length(var.role_path) <= 512
    error_message = "role_path must begin and end with a slash, with letters, digits and + = , . @ _ - between slashes, 512 characters at most: / or /platform/."
  }
}

variable "permissions_boundary_arn" {
  description = "IAM policy that is the permissions boundary of the service role; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null ? true : can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn must be the ARN of an IAM policy, such as arn:aws:iam::123456789012:policy/boundary."
  }
}

variable "tags" {
  description = "Tags for everything the module makes."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.tags) <= 40
    error_message = "tags must be 40 at most: AWS allows 50 on a resource, and images get some of this system's own."
  }

  validation {
    condition     = alltrue([for key in keys(var.tags) : !can(regex("^(?i:aws:|asg-ami-pipeline:)", key))])
    error_message = "tags must not have keys that begin with aws: or asg-ami-pipeline:, which belong to AWS and to the images' own tags."
  }

  validation {
    condition     = alltrue([for key, value in var.tags : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{1,127}$", key)) && can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{0,256}$", value))])
    error_message = "tags must have keys of 1 to 127 and values of up to 256 letters, digits, spaces and _ . : / = + - @."
  }
}
