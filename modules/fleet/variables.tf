# What instances are, and how many there are.

variable "artifact_bucket_name" {
  description = <<-EOT
    The pipeline's artifact bucket, from which the CodeDeploy agent downloads revisions. Instances are allowed to
    read its objects.
  EOT
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.artifact_bucket_name))
    error_message = "artifact_bucket_name must be the name of a bucket, not its ARN: 3 to 63 lowercase letters, digits, dots and hyphens."
  }
}

variable "instance" {
  description = <<-EOT
    Configuration of the instances. `type` also determines the architecture of the first image. `key_name` is an
    EC2 key pair; without one, connect through Session Manager. `security_group_ids` are attached in addition to
    the module's own security group. `user_data` is Bash that runs as root on every new instance before the
    CodeDeploy agent is installed. Instances launched from a baked image run it too, at the same time as their
    first deployment, so it must be idempotent. `detailed_monitoring` turns on one-minute metrics, which cost
    extra. `root_volume` is an encrypted gp3 volume: `size` in GiB (default 8, the size of Amazon Linux; it can
    grow, but must never be smaller than the images), `iops` and `throughput` in MiB/s (default: gp3's baseline of
    3,000 and 125).
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

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*\\.[a-z0-9-]+$", var.instance.type))
    error_message = "instance.type must be an EC2 instance type, such as t3.micro or m7g.large."
  }

  validation {
    condition     = var.instance.key_name == null ? true : can(regex("^[!-~]([ -~]{0,253}[!-~])?$", var.instance.key_name))
    error_message = "instance.key_name must be the name of an EC2 key pair: 1 to 255 ASCII characters, without a space at either end. Omit it to use none."
  }

  validation {
    condition     = alltrue([for id in var.instance.security_group_ids : can(regex("^sg-[0-9a-f]{8,17}$", id))])
    error_message = "instance.security_group_ids must be IDs of security groups, such as sg-0123456789abcdef0."
  }

  validation {
    condition = (
      !can(regex("^(#cloud-|#include|#part-handler|Content-Type:|MIME-Version:)", var.instance.user_data)) &&
      (!startswith(var.instance.user_data, "#!") || can(regex("^#! ?(/usr)?/bin/(env )?(ba)?sh\\s", var.instance.user_data)))
    )
    error_message = "instance.user_data must be Bash, with or without a #! line, because it becomes part of a Bash script. cloud-config, MIME and other languages are not supported."
  }

  validation {
    condition = (
      var.instance.root_volume.size >= 8 && var.instance.root_volume.size <= 65536 &&
      floor(var.instance.root_volume.size) == var.instance.root_volume.size
    )
    error_message = "instance.root_volume.size must be a whole number of GiB from 8 (the size of Amazon Linux) to 65536."
  }

  validation {
    condition = (
      coalesce(var.instance.root_volume.iops, 3000) >= 3000 &&
      coalesce(var.instance.root_volume.iops, 3000) <= min(80000, max(3000, 500 * var.instance.root_volume.size))
    )
    error_message = "instance.root_volume.iops must be between 3000 and 80000, and at most 500 per GiB."
  }

  validation {
    condition = (
      coalesce(var.instance.root_volume.throughput, 125) >= 125 &&
      coalesce(var.instance.root_volume.throughput, 125) <= min(2000, coalesce(var.instance.root_volume.iops, 3000) / 4)
    )
    error_message = "instance.root_volume.throughput must be between 125 and 2000 MiB/s, and at most a quarter of iops (3000 by default)."
  }
}

variable "capacity" {
  description = <<-EOT
    Size of the Auto Scaling group. `min` and `max` are its limits. `desired` (default: `min`) is the size it is
    created with; from then on scaling changes it, and Terraform leaves it alone. With one instance every
    deployment is downtime.
  EOT
  type = object({
    min     = optional(number, 1)
    max     = optional(number, 4)
    desired = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for count in [var.capacity.min, var.capacity.max, coalesce(var.capacity.desired, var.capacity.min)] :
      count >= 0 && count == floor(count)
    ])
    error_message = "capacity.min, capacity.max and capacity.desired must be whole numbers, 0 or more."
  }

  validation {
    condition = (
      var.capacity.min <= coalesce(var.capacity.desired, var.capacity.min) &&
      coalesce(var.capacity.desired, var.capacity.min) <= var.capacity.max
    )
    error_message = "capacity.min must not exceed capacity.desired (by default min), and neither may exceed capacity.max."
  }
}
