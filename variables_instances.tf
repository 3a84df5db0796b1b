# Where instances run, and what they are.

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
