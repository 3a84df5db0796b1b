# The inputs that the root module and its modules share, with the same meaning everywhere.

variable "name" {
  description = "Name of the pipeline, the CodeDeploy application, the Auto Scaling group and the launch template, and the beginning of what belongs to them. Unique in the account, because roles are named from it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name))
    error_message = "name must be 2 to 32 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen."
  }
}

variable "encryption" {
  description = <<-EOT
    Encryption of the artifacts, logs, volumes, images and notifications with a customer managed KMS key: yours
    (`kms_key_arn`), whose policy the README tells about, or with `create_kms_key` one that is made for this pipeline
    alone. Amazon EC2 Auto Scaling is granted its use. Null for AWS's own keys. A key must outlive its images: without
    it, none of them can be launched.
  EOT
  type = object({
    kms_key_arn    = optional(string)
    create_kms_key = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.encryption == null ? true : var.encryption.create_kms_key != (var.encryption.kms_key_arn != null)
    error_message = "encryption must have exactly one of kms_key_arn, the ARN of your key, and create_kms_key = true, which makes one."
  }
}

variable "role_path" {
  description = "IAM path of the roles and the instance profile, such as `/platform/`."
  type        = string
  default     = "/"
  nullable    = false
}

variable "permissions_boundary_arn" {
  description = "IAM policy that is the permissions boundary of the roles; null for none."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags for everything the module makes, and for what comes of it: instances, volumes, network interfaces, images and snapshots. Default tags of the provider do not reach those."
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
