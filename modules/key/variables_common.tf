# The inputs that the root module and its modules share, with the same meaning everywhere.

variable "name" {
  description = "Name that the other modules got: the key is for their roles, artifact bucket, log group and topic, which are named from it. Its alias is `alias/<name>`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name))
    error_message = "name must be 2 to 32 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen."
  }
}

variable "role_path" {
  description = "IAM path of the roles that use the key, such as `/platform/`."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/([A-Za-z0-9+=,.@_-]+/)*$", var.role_path)) && length(var.role_path) <= 512
    error_message = "role_path must begin and end with a slash, with letters, digits and + = , . @ _ - between slashes, 512 characters at most: / or /platform/."
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
