# Inputs that the root module and its modules have in common. tests/unit/test_common_inputs.py holds
# the copies together.

variable "name" {
  description = <<-EOT
    The `name` that the other modules are given. The key's policy refers to the names that they derive from it, of
    roles, artifact bucket, log group and topic. The key's alias is `alias/<name>`.
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
    IAM path of the roles that use the key, such as `/platform/`: the `role_path` that the other modules are
    given.
  EOT
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/([A-Za-z0-9+=,.@_-]+/)*$", var.role_path)) && length(var.role_path) <= 512
    error_message = "role_path must start and end with a slash, such as / or /platform/, have only letters, digits and + = , . @ _ - between slashes, and be at most 512 characters long."
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
