# Inputs that the root module and its modules have in common. tests/unit/test_common_inputs.py holds
# the copies together.

variable "name" {
  description = <<-EOT
    Name of the pipeline, the CodeDeploy application, the Auto Scaling group and the launch template, and prefix
    of the names of everything else. Must be unique in the account, because IAM role names are derived from it.
  EOT
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name))
    error_message = "name must be 2 to 32 lowercase letters, digits and hyphens, start with a letter and not end with a hyphen."
  }
}

variable "encryption" {
  description = <<-EOT
    Customer managed KMS key for the artifacts, logs, volumes, images and notifications; null for AWS's own keys.
    Set either `kms_key_arn`, an existing key whose policy allows what docs/encryption.md lists, or
    `create_kms_key = true` for a new key that serves this pipeline only. Amazon EC2 Auto Scaling is granted use
    of the key. Deleting the key makes its images unusable.
  EOT
  type = object({
    kms_key_arn    = optional(string)
    create_kms_key = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.encryption == null ? true : var.encryption.create_kms_key != (var.encryption.kms_key_arn != null)
    error_message = "encryption must set exactly one of kms_key_arn (the ARN of an existing key) and create_kms_key = true (for a new one)."
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
  description = <<-EOT
    Tags for every resource that the module creates, and for what its resources create: instances, volumes,
    network interfaces, images and snapshots. The provider's `default_tags` do not reach the latter.
  EOT
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
