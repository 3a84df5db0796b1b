# Which values are right is said, and checked, in the module that takes them; in variables_common.tf for
# what all take.

# How a commit travels

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
}

variable "build" {
  description = "An existing CodeBuild project that builds what is deployed; null deploys the source as it is. `service_role_arn` is the project's role: the artifact bucket lets it in, and its own policy has to allow it to read and write there (and to use `kms_key_arn`)."
  type = object({
    project_name     = string
    service_role_arn = string
  })
  default = null
}

variable "deployment" {
  description = <<-EOT
    How instances are updated. `config_name` is a CodeDeploy deployment configuration: the default updates all at once,
    CodeDeployDefault.HalfAtATime and .OneAtATime keep the others serving. `alarm_names` are CloudWatch alarms that stop
    a deployment and roll it back. `service_role_policy` is what CodeDeploy may do: AWS's own policy (`managed`, the
    default), which follows what CodeDeploy comes to need and covers all groups of the account, or `scoped`, what
    deployments in place use of it, for this group and its target groups alone.
  EOT
  type = object({
    config_name         = optional(string, "CodeDeployDefault.AllAtOnce")
    alarm_names         = optional(list(string), [])
    service_role_policy = optional(string, "managed")
  })
  default  = {}
  nullable = false
}

variable "execution_mode" {
  description = "What happens to a push while another one is on its way: SUPERSEDED (default) lets the newest overtake those that wait, QUEUED deploys and bakes each in turn."
  type        = string
  default     = "SUPERSEDED"
  nullable    = false
}

# How images are made and how long they are kept

variable "capture" {
  description = "How an instance is imaged. `live` (default): its file systems are flushed and it goes on serving. `standby`: it leaves the load balancer (Standby), is imaged with a reboot, which makes the image consistent, and returns; the group must be able to spare an instance (desired capacity above the minimum, two in service)."
  type        = string
  default     = "live"
  nullable    = false
}

variable "retention" {
  description = "How many of the newest images a bake keeps (`keep`, default 5, the new one included). Older ones go with their snapshots and launch template versions, unless something still uses them. With `dry_run` the pipeline only says what would go."
  type = object({
    keep    = optional(number, 5)
    dry_run = optional(bool, false)
  })
  default  = {}
  nullable = false
}

variable "delete_images_on_destroy" {
  description = "Whether `terraform destroy` removes the pipeline's images and their snapshots. It fails, and removes what it can, when something outside the group uses one."
  type        = bool
  default     = false
  nullable    = false
}

# How long other things are kept

variable "artifact_expiration_days" {
  description = <<-EOT
    After how many days artifacts are deleted. CodeDeploy installs the last deployed artifact on every instance that is
    launched: a group that was not deployed to for that long cannot scale out until the pipeline runs again. Hence the
    default of a year; null keeps artifacts for ever.
  EOT
  type        = number
  default     = 365
}

variable "log_retention_days" {
  description = "How many days the function's log is kept. The default of 30 leaves time to look into a bake that failed."
  type        = number
  default     = 30
  nullable    = false
}
