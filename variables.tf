# Which values are right is said, and checked, in the module that takes them; here for what all take.

variable "name" {
  description = "Name of the pipeline, the CodeDeploy application, the Auto Scaling group and the launch template, and the beginning of what belongs to them. Unique in the account, because roles are named from it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name))
    error_message = "name must be 2 to 32 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen."
  }
}

# Where instances run

variable "vpc_id" {
  description = "VPC of the subnets."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Subnets that instances are launched into, best in two Availability Zones or more. Instances need a way out to AWS and to the package repositories (NAT, public addresses, or endpoints)."
  type        = list(string)
  nullable    = false
}

variable "load_balancer" {
  description = <<-EOT
    The load balancer before the instances. With it an instance is taken out of the target groups while it is updated,
    and the group replaces instances that fail their health checks; null for neither. The instances accept `port`
    (default 80) from `security_group_id` alone. `health_check_grace_period` is the time in seconds that a new instance
    has before checks count (default 300: a first boot installs packages).
  EOT
  type = object({
    target_group_arns         = list(string)
    security_group_id         = string
    port                      = optional(number, 80)
    health_check_grace_period = optional(number, 300)
  })
  default = null
}

# What instances are

variable "instance" {
  description = <<-EOT
    The instances. `type` also decides the architecture of the first image. `key_name` is an EC2 key pair; without one
    they are reached through Session Manager. `security_group_ids` are added to the module's own. `user_data` is Bash
    that runs as root on every new instance before the CodeDeploy agent is installed; an instance from a baked image
    runs it too, beside its first deployment, so it must do nothing where all is there. `detailed_monitoring` costs
    extra. `root_volume` is an encrypted gp3 volume: `size` in GiB, which may grow and must never be less than that of
    the images (default 8, that of Amazon Linux), `iops` and `throughput` in MiB/s (default: gp3's own 3,000 and 125).
  EOT
  type = object({
    type                = optional(string, "t3.micro")
    key_name            = optional(string)
    security_group_ids  = optional(list(string), [])
    user_data           = optional(string, "")
    detailed_monitoring = optional(bool, false)
    root_volume = optional(object({
      size       = optional(number, 8)
      iops       = optional(number)
      throughput = optional(number)
    }), {})
  })
  default  = {}
  nullable = false
}

variable "capacity" {
  description = "How many instances the group has: `min` and `max` bound it, `desired` is what it is created with (default: `min`). Afterwards `desired` belongs to scaling, and Terraform leaves it alone. A single instance serves nobody while it is updated."
  type = object({
    min     = optional(number, 1)
    max     = optional(number, 4)
    desired = optional(number)
  })
  default  = {}
  nullable = false
}

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

# Encryption

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

# The team's rules for roles

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

# How long other things are kept, and what they are labelled with

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
