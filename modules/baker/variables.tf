variable "pipeline_name" {
  description = <<-EOT
    Pipeline that invokes the function, in a stage after the deployment. Images are tagged with its name, and the
    function deletes only images with that tag.
  EOT
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9.@_-]{1,100}$", var.pipeline_name))
    error_message = "pipeline_name must be the name of a pipeline, not its ARN: 1 to 100 letters, digits and . @ _ -."
  }
}

variable "codedeploy" {
  description = "Deployment group that the pipeline deploys to."
  type = object({
    application_name      = string
    deployment_group_name = string
  })
  nullable = false

  validation {
    condition = alltrue([
      for name in values(var.codedeploy) : can(regex("^[A-Za-z0-9._+=,@-]{1,100}$", name))
    ])
    error_message = "codedeploy.application_name and codedeploy.deployment_group_name must be names, not ARNs: 1 to 100 letters, digits and . _ + = , @ -."
  }
}

variable "auto_scaling_group_name" {
  description = <<-EOT
    Auto Scaling group whose instances are imaged. It must launch version $Latest of the launch template.
  EOT
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[ !\"#%-)+-9;->@-~]{1,255}$", var.auto_scaling_group_name))
    error_message = "auto_scaling_group_name must be the name of an Auto Scaling group, not its ARN: 1 to 255 ASCII characters other than : * ? and $, which have a special meaning in IAM policies."
  }
}

variable "launch_template_id" {
  description = "Launch template that gets a new version for each image."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^lt-[0-9a-f]{8,17}$", var.launch_template_id))
    error_message = "launch_template_id must be the ID of a launch template, such as lt-0123456789abcdef0."
  }
}

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

  validation {
    condition     = contains(["live", "standby"], var.capture)
    error_message = "capture must be live or standby."
  }
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

  validation {
    condition     = var.retention.keep >= 1 && var.retention.keep <= 9999 && floor(var.retention.keep) == var.retention.keep
    error_message = "retention.keep must be a whole number from 1 to 9999. To delete nothing, set retention.dry_run = true."
  }
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

variable "log_retention_days" {
  description = <<-EOT
    Number of days for which the function's log is kept. The default of 30 leaves time to investigate a failed
    bake.
  EOT
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days
    )
    error_message = "log_retention_days must be a number of days that CloudWatch Logs supports: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}
