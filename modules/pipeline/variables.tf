# The input source_stage is in sources.tf, with everything else that is specific to a kind of source.

# Stages

variable "build" {
  description = <<-EOT
    Existing CodeBuild project that builds what is deployed; null deploys the source as it is. `service_role_arn`
    is the project's service role. The artifact bucket's policy admits it; its own policies must allow it to read
    and write the bucket's objects and, with `encryption`, to use the key.
  EOT
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
  description = "Deployment group that the Deploy stage deploys to, and its deployment configuration."
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
    error_message = "codedeploy.application_name, codedeploy.deployment_group_name and codedeploy.config_name must be names, not ARNs: 1 to 100 letters, digits and . _ + = , @ -."
  }
}

variable "automation" {
  description = <<-EOT
    Lambda function that the Automation stage invokes. It gets the user parameters `execution` and `revision`, and
    those in `user_parameters`. The baker accepts only the first two.
  EOT
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

# Artifacts

variable "artifact_reader_arns" {
  description = <<-EOT
    Roles that are allowed to read artifacts, besides the pipeline's and the build project's: at least the
    instances' role. The bucket's policy denies access to everybody else, whatever their own policies allow.
  EOT
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.artifact_reader_arns) > 0 && alltrue([for arn in var.artifact_reader_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$", arn))])
    error_message = "artifact_reader_arns must be one or more ARNs of IAM roles, such as that of the instances' role: arn:aws:iam::123456789012:role/orders-instance."
  }
}

variable "artifact_expiration_days" {
  description = <<-EOT
    Number of days after which artifacts are deleted; null keeps them forever. CodeDeploy installs the last
    deployed artifact on every new instance, so once it has expired the group cannot scale out until the pipeline
    runs again. Hence the default of a year.
  EOT
  type        = number
  default     = 365

  validation {
    condition = var.artifact_expiration_days == null ? true : (
      var.artifact_expiration_days >= 30 && floor(var.artifact_expiration_days) == var.artifact_expiration_days
    )
    error_message = "artifact_expiration_days must be null or a whole number of days, at least 30: without the last deployed artifact no instance can be launched."
  }
}

# Executions

variable "execution_mode" {
  description = <<-EOT
    What happens to a push while another execution is running. SUPERSEDED (default): the newest execution
    overtakes those that are still waiting. QUEUED: each execution deploys and bakes in turn.
  EOT
  type        = string
  default     = "SUPERSEDED"
  nullable    = false

  validation {
    condition     = contains(["SUPERSEDED", "QUEUED"], var.execution_mode)
    error_message = "execution_mode must be SUPERSEDED or QUEUED. PARALLEL is not supported: executions would deploy to the same instances at the same time and bake each other's revisions."
  }
}
