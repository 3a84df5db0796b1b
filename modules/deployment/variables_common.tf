# Inputs that the root module and its modules have in common. tests/unit/test_common_inputs.py holds
# the copies together.

variable "name" {
  description = <<-EOT
    Name of the CodeDeploy application and of its deployment group, and prefix of the service role's name. Must be
    unique in the account, because IAM role names are derived from it.
  EOT
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name))
    error_message = "name must be 2 to 32 lowercase letters, digits and hyphens, start with a letter and not end with a hyphen."
  }
}

variable "role_path" {
  description = <<-EOT
    IAM path of every role and instance profile that the module creates, such as `/platform/`. The default is
    IAM's own.
  EOT
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/([A-Za-z0-9+=,.@_-]+/)*$", var.role_path)) && length(var.role_path) <= 512
    error_message = "role_path must start and end with a slash, such as / or /platform/, have only letters, digits and + = , . @ _ - between slashes, and be at most 512 characters long."
  }
}

variable "permissions_boundary_arn" {
  description = <<-EOT
    ARN of the IAM policy that becomes the permissions boundary of every role that the module creates; null for
    none.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null ? true : can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn must be the ARN of an IAM policy, such as arn:aws:iam::123456789012:policy/boundary."
  }
}

variable "tags" {
  description = "Tags for every resource that the module creates."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.tags) <= 40
    error_message = "At most 40 tags are allowed: AWS allows 50 on a resource, and images get some of the module's own."
  }

  validation {
    condition     = alltrue([for key in keys(var.tags) : !can(regex("^(?i:aws:|asg-ami-pipeline:)", key))])
    error_message = "tags must not have keys that start with aws: (reserved by AWS) or asg-ami-pipeline: (reserved for the module's own tags)."
  }

  validation {
    condition     = alltrue([for key, value in var.tags : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{1,127}$", key)) && can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{0,256}$", value))])
    error_message = "tags must have keys of 1 to 127 characters and values of up to 256, each a letter, a digit, a space or one of _ . : / = + - @."
  }
}
