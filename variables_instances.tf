# Where instances run, and what they are. modules/fleet validates these inputs.

variable "vpc_id" {
  description = "VPC of the subnets. The instances' security group is created in it."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = <<-EOT
    Subnets in which instances are launched, preferably in two or more Availability Zones. Instances need outbound
    access to AWS's APIs and to package repositories: a NAT gateway, public addresses or VPC endpoints.
  EOT
  type        = list(string)
  nullable    = false
}

variable "load_balancer" {
  description = <<-EOT
    Load balancer in front of the instances; null for none. CodeDeploy takes an instance out of the target groups
    while it is updated, and the Auto Scaling group replaces instances that fail their health checks. Instances
    accept traffic on `port` (default 80) from `security_group_id` only. `health_check_grace_period` is how many
    seconds after launch failed health checks are ignored (default 300, because a first boot installs packages).
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
}
