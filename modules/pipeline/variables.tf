# source_stage is in sources.tf, with all else that is particular to a kind of source.

# The stages

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
