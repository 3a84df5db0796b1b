# Where instances run.

variable "vpc_id" {
  description = "VPC of the subnets. The instances' security group is created in it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^vpc-[0-9a-f]{8,17}$", var.vpc_id))
    error_message = "vpc_id must be the ID of a VPC, such as vpc-0123456789abcdef0."
  }
}

variable "subnet_ids" {
  description = <<-EOT
    Subnets in which instances are launched, preferably in two or more Availability Zones. Instances need outbound
    access to AWS's APIs and to package repositories: a NAT gateway, public addresses or VPC endpoints.
  EOT
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "subnet_ids must have at least one subnet."
  }

  validation {
    condition     = alltrue([for id in var.subnet_ids : can(regex("^subnet-[0-9a-f]{8,17}$", id))])
    error_message = "subnet_ids must be IDs of subnets, such as subnet-0123456789abcdef0."
  }

  validation {
    condition     = length(distinct(var.subnet_ids)) == length(var.subnet_ids)
    error_message = "subnet_ids must not have a subnet twice."
  }
}

variable "load_balancer" {
  description = <<-EOT
    Load balancer in front of the instances; null for none. The Auto Scaling group replaces instances that fail
    the target groups' health checks; without a load balancer, only those that fail EC2's own. Instances accept
    traffic on `port` (default 80) from `security_group_id` only. `health_check_grace_period` is how many seconds
    after launch failed health checks are ignored (default 300, because a first boot installs packages).
  EOT
  type = object({
    target_group_arns         = list(string)
    security_group_id         = string
    port                      = optional(number, 80)
    health_check_grace_period = optional(number, 300)
  })
  default = null

  validation {
    condition = var.load_balancer == null ? true : length(var.load_balancer.target_group_arns) > 0 && alltrue([
      for arn in var.load_balancer.target_group_arns :
      can(regex("^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:targetgroup/[A-Za-z0-9-]{1,32}/[0-9a-f]+$", arn))
    ])
    error_message = "load_balancer.target_group_arns must be one or more ARNs of target groups (arn:aws:elasticloadbalancing:...:targetgroup/...). Omit load_balancer if there is none."
  }

  validation {
    condition     = var.load_balancer == null ? true : can(regex("^sg-[0-9a-f]{8,17}$", var.load_balancer.security_group_id))
    error_message = "load_balancer.security_group_id must be the ID of the load balancer's security group, such as sg-0123456789abcdef0."
  }

  validation {
    condition     = var.load_balancer == null ? true : (var.load_balancer.port >= 1 && var.load_balancer.port <= 65535 && floor(var.load_balancer.port) == var.load_balancer.port)
    error_message = "load_balancer.port must be a whole number from 1 to 65535: the port that the target groups send requests to."
  }

  validation {
    condition     = var.load_balancer == null ? true : (var.load_balancer.health_check_grace_period >= 0 && floor(var.load_balancer.health_check_grace_period) == var.load_balancer.health_check_grace_period)
    error_message = "load_balancer.health_check_grace_period must be a whole number of seconds, 0 or more."
  }
}
