variable "pipeline_name" {
  description = "The pipeline that invokes the function, in an action after the deployment. Images are tagged with it, and the function deletes no image of another pipeline."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9.@_-]{1,100}$", var.pipeline_name))
    error_message = "pipeline_name must be the name of a pipeline, not its ARN: 1 to 100 letters, digits and . @ _ -."
  }
}

variable "codedeploy" {
  description = "The deployment group that the pipeline deploys to."
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
  description = "The Auto Scaling group whose instances are imaged. It must launch version $Latest of the launch template."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[ !\"#%-)+-9;->@-~]{1,255}$", var.auto_scaling_group_name))
    error_message = "auto_scaling_group_name must be the name of an Auto Scaling group, not its ARN: 1 to 255 ASCII characters without : * ? and $, which mean something else in the function's policy."
  }
}

variable "launch_template_id" {
  description = "The launch template that gets a version for each image."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^lt-[0-9a-f]{8,17}$", var.launch_template_id))
    error_message = "launch_template_id must be the id of a launch template, such as lt-0123456789abcdef0."
  }
}

variable "capture" {
  description = "How an instance is imaged. `live`: its file systems are flushed and it goes on serving. `standby`: it leaves the load balancer (Standby), is imaged with a reboot, which makes the image consistent, and returns; the group must be able to spare an instance (desired capacity above the minimum, two in service)."
  type        = string
  default     = "live"
  nullable    = false

  validation {
    condition     = contains(["live", "standby"], var.capture)
    error_message = "capture must be live or standby."
  }
}

variable "retention" {
  description = "How many of the newest images a bake keeps (`keep`, default 5, the new one included). Older ones go with their snapshots and launch template versions, unless something still uses them. With `dry_run` the pipeline only says what would go."
  type = object({
    keep    = optional(number, 5)
    dry_run = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.retention.keep >= 1 && var.retention.keep <= 9999 && floor(var.retention.keep) == var.retention.keep
    error_message = "retention.keep must be a whole number from 1 to 9999. To delete nothing, set retention.dry_run to true."
  }
}

variable "delete_images_on_destroy" {
  description = "Whether `terraform destroy` removes this pipeline's images and their snapshots. It fails, and removes what it can, when something outside the group uses one."
  type        = bool
  default     = false
  nullable    = false
}

variable "log_retention_days" {
  description = "How many days the function's log is kept. The default of 30 leaves time to look into a bake that failed."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days
    )
    error_message = "log_retention_days must be a number of days that CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}
