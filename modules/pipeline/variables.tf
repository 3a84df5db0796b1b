variable "name" {
  description = "Name of the pipeline, and the beginning of what belongs to it. Unique in the account, because roles are named from it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name))
    error_message = "name must be 2 to 32 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen."
  }
}

# The stages

variable "source_stage" {
  description = <<-EOT
    Where the application comes from: exactly one of `codecommit`, a repository and the branch whose pushes start the
    pipeline, and `s3`, a .zip object whose new versions do. The object's bucket must have versioning and EventBridge
    notifications turned on, which no plan can see, and the object must not be encrypted with a customer managed key:
    the pipeline may decrypt artifacts alone.
  EOT
  type = object({
    codecommit = optional(object({
      repository_name = string
      branch          = optional(string, "main")
    }))
    s3 = optional(object({
      bucket = string
      key    = string
    }))
  })
  nullable = false

  validation {
    condition     = length([for source in values(var.source_stage) : source if source != null]) == 1
    error_message = "source_stage must have exactly one of codecommit and s3."
  }

  validation {
    condition = var.source_stage.codecommit == null ? true : (
      can(regex("^[A-Za-z0-9._-]{1,100}$", var.source_stage.codecommit.repository_name)) &&
      !endswith(var.source_stage.codecommit.repository_name, ".git")
    )
    error_message = "source_stage.codecommit.repository_name must be the name of a repository, not its ARN or address: 1 to 100 letters, digits and . _ -, not ending in .git."
  }

  validation {
    condition = var.source_stage.codecommit == null ? true : (
      can(regex("^[!-~]{1,256}$", var.source_stage.codecommit.branch)) &&
      !can(regex("^refs/|^[-/]|[~^:?*\\[\\\\]|\\.\\.|[/.]$", var.source_stage.codecommit.branch))
    )
    error_message = "source_stage.codecommit.branch must be the name of one branch, such as main: without refs/heads/ before it, and without wildcards."
  }

  validation {
    condition     = var.source_stage.s3 == null ? true : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.source_stage.s3.bucket))
    error_message = "source_stage.s3.bucket must be the name of a bucket, not its ARN or address: 3 to 63 lower-case letters, digits, dots and hyphens."
  }

  validation {
    condition = var.source_stage.s3 == null ? true : (
      can(regex("^[A-Za-z0-9!_.'()-][A-Za-z0-9!_.'()/-]*\\.zip$", var.source_stage.s3.key)) &&
      length(var.source_stage.s3.key) <= 1000
    )
    error_message = "source_stage.s3.key must be the key of a .zip object, such as releases/application.zip: without / at its beginning, of letters, digits and ! _ . ' ( ) / -, at most 1,000 characters."
  }
}

variable "build" {
  description = "An existing CodeBuild project that builds what is deployed; null deploys the source as it is. `service_role_arn` is the project's role: the artifact bucket lets it in, and its own policy has to allow it to read and write there (and to use `kms_key_arn`)."
  type = object({
    project_name     = string
    service_role_arn = string
  })
  default = null

  validation {
    condition     = var.build == null ? true : can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{1,149}$", var.build.project_name))
    error_message = "build.project_name must be the name of a CodeBuild project, not its ARN: 2 to 150 letters, digits, hyphens and underscores."
  }

  validation {
    condition     = var.build == null ? true : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$", var.build.service_role_arn))
    error_message = "build.service_role_arn must be the ARN of the project's service role, such as arn:aws:iam::123456789012:role/build."
  }
}

variable "codedeploy" {
  description = "The deployment group that the Deploy stage deploys to, and its deployment configuration."
  type = object({
    application_name      = string
    deployment_group_name = string
    config_name           = optional(string, "CodeDeployDefault.AllAtOnce")
  })
  nullable = false

  validation {
    condition = alltrue([
      for name in values(var.codedeploy) : can(regex("^[A-Za-z0-9._+=,@-]{1,100}$", name))
    ])
    error_message = "codedeploy.application_name, deployment_group_name and config_name must be names, not ARNs: 1 to 100 letters, digits and . _ + = , @ -."
  }
}

variable "automation" {
  description = "The function that the Automation stage invokes. It gets `execution` and `revision` as user parameters, and those of `user_parameters` beside them, which the baker refuses."
  type = object({
    function_name   = string
    user_parameters = optional(map(string), {})
  })
  nullable = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.automation.function_name))
    error_message = "automation.function_name must be the name of a function, not its ARN: 1 to 64 letters, digits, hyphens and underscores."
  }
}

# The artifacts

variable "artifact_reader_arns" {
  description = "Roles beside the pipeline's (and the build project's) that may read artifacts: the role of the instances. Nobody else may, whatever their own policies say."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.artifact_reader_arns) > 0 && alltrue([for arn in var.artifact_reader_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$", arn))])
    error_message = "artifact_reader_arns must be ARNs of roles, at least that of the instances, such as arn:aws:iam::123456789012:role/orders-instance."
  }
}

# How it runs

variable "execution_mode" {
  description = "What happens to a push while another one is on its way: SUPERSEDED (default) lets the newest overtake those that wait, QUEUED deploys and bakes each in turn."
  type        = string
  default     = "SUPERSEDED"
  nullable    = false

  validation {
    condition     = contains(["SUPERSEDED", "QUEUED"], var.execution_mode)
    error_message = "execution_mode must be SUPERSEDED or QUEUED. In PARALLEL executions would deploy to the same instances at the same time, and bake one another's revision."
  }
}

variable "artifact_expiration_days" {
  description = <<-EOT
    After how many days artifacts are deleted. CodeDeploy installs the last deployed artifact on every instance that is
    launched: a group that was not deployed to for that long cannot scale out until the pipeline runs again. Hence the
    default of a year; null keeps artifacts for ever.
  EOT
  type        = number
  default     = 365

  validation {
    condition = var.artifact_expiration_days == null ? true : (
      var.artifact_expiration_days >= 30 && floor(var.artifact_expiration_days) == var.artifact_expiration_days
    )
    error_message = "artifact_expiration_days must be a whole number of days, 30 or more (no instance can be launched once the last deployed artifact is gone), or null."
  }
}

variable "encryption" {
  description = "Encryption with a customer managed KMS key: of the artifacts and of the notifications, which the key's policy must let Amazon EventBridge do. Null for AWS's own keys."
  type = object({
    kms_key_arn = string
  })
  default = null

  validation {
    condition     = var.encryption == null ? true : can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.encryption.kms_key_arn))
    error_message = "encryption.kms_key_arn must be the ARN of a KMS key (arn:aws:kms:<region>:<account>:key/...), not of an alias: policies name keys by their ARN."
  }
}

# The team's rules for roles

variable "role_path" {
  description = "IAM path of the roles, such as `/platform/`."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/([A-Za-z0-9+=,.@_-]+/)*$", var.role_path)) && length(var.role_path) <= 512
    error_message = "role_path must begin and end with a slash, with letters, digits and + = , . @ _ - between slashes, 512 characters at most: / or /platform/."
  }
}

variable "permissions_boundary_arn" {
  description = "IAM policy that is the permissions boundary of the roles; null for none."
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
