# How a commit is deployed, and how images of it are made. The module that receives an input validates
# it; inputs that all modules receive are in variables_common.tf, with their validations.

# From commit to deployment

variable "source_stage" {
  description = <<-EOT
    Source of the application. Set exactly one of `codecommit`, a repository and the branch (default `main`) whose
    pushes start the pipeline, and `s3`, a .zip object whose new versions start it. The object's bucket must have
    versioning and EventBridge notifications turned on, which a plan cannot check. If the object is encrypted with
    a customer managed KMS key, the pipeline's role also needs `kms:Decrypt` on that key: its own policies allow it
    to decrypt only artifacts.
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
}

variable "deployment" {
  description = <<-EOT
    How CodeDeploy updates instances. `config_name` is a deployment configuration: the default updates all
    instances at once; with CodeDeployDefault.HalfAtATime or CodeDeployDefault.OneAtATime the other instances keep
    serving. `alarm_names` are CloudWatch alarms that stop a deployment and roll it back. `service_role_policy` is
    what CodeDeploy is allowed to do: `managed` (default), AWS's managed policy AWSCodeDeployRole, which AWS keeps
    up to date but which covers every Auto Scaling group in the account, or `scoped`, only what in-place
    deployments use of it, limited to this group and its target groups.
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
  description = <<-EOT
    What happens to a push while another execution is running. SUPERSEDED (default): the newest execution
    overtakes those that are still waiting. QUEUED: each execution deploys and bakes in turn.
  EOT
  type        = string
  default     = "SUPERSEDED"
  nullable    = false
}

# Images

variable "capture" {
  description = <<-EOT
    How an instance is imaged. `live` (default): its file systems are flushed, and it keeps serving. `standby`: it
    enters Standby, which takes it out of the load balancer, is imaged with a reboot, which makes the image
    consistent, and returns to service. The group must be able to spare an instance (desired capacity above the
    minimum, two instances in service); otherwise the stage fails before anything is changed.
  EOT
  type        = string
  default     = "live"
  nullable    = false
}

variable "retention" {
  description = <<-EOT
    Which images are kept after a bake. `keep` is the number of the newest ones, including the new one (default
    5). Older images are deleted with their snapshots and launch template versions, unless something still uses
    them. With `dry_run` the pipeline only reports what it would delete.
  EOT
  type = object({
    keep    = optional(number, 5)
    dry_run = optional(bool, false)
  })
  default  = {}
  nullable = false
}

variable "delete_images_on_destroy" {
  description = <<-EOT
    Whether `terraform destroy` deletes the pipeline's images and their snapshots. By default they are kept, and
    still cost money. If something outside the Auto Scaling group uses an image, the destroy deletes the others
    and then fails.
  EOT
  type        = bool
  default     = false
  nullable    = false
}

# Expiry of artifacts and logs

variable "artifact_expiration_days" {
  description = <<-EOT
    Number of days after which artifacts are deleted; null keeps them forever. CodeDeploy installs the last
    deployed artifact on every new instance, so once it has expired the group cannot scale out until the pipeline
    runs again. Hence the default of a year.
  EOT
  type        = number
  default     = 365
}

variable "log_retention_days" {
  description = <<-EOT
    Number of days for which the function's log is kept. The default of 30 leaves time to investigate a failed
    bake.
  EOT
  type        = number
  default     = 30
  nullable    = false
}
