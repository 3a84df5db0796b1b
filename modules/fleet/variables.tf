variable "name" {
  description = "Name of the Auto Scaling group and the launch template, and the beginning of what belongs to them. Unique in the account, because roles are named from it."
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

  validation {
    condition     = can(regex("^vpc-[0-9a-f]{8,17}$", var.vpc_id))
    error_message = "vpc_id must be the id of a VPC, such as vpc-0123456789abcdef0."
  }
}

variable "subnet_ids" {
  description = "Subnets that instances are launched into, best in two Availability Zones or more. Instances need a way out to AWS and to the package repositories (NAT, public addresses, or endpoints)."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "subnet_ids must name at least one subnet."
  }

  validation {
    condition     = alltrue([for id in var.subnet_ids : can(regex("^subnet-[0-9a-f]{8,17}$", id))])
    error_message = "subnet_ids must be ids of subnets, such as subnet-0123456789abcdef0."
  }

  validation {
    condition     = length(distinct(var.subnet_ids)) == length(var.subnet_ids)
    error_message = "subnet_ids must name each subnet once."
  }
}

variable "load_balancer" {
  description = <<-EOT
    The load balancer before the instances. With it the group replaces instances that fail the target groups' health
    checks; null leaves the group with EC2's own checks. The instances accept `port` (default 80) from
    `security_group_id` alone. `health_check_grace_period` is the time in seconds that a new instance has before checks
    count (default 300: a first boot installs packages).
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
    error_message = "load_balancer.target_group_arns must be ARNs of target groups (arn:aws:elasticloadbalancing:...:targetgroup/...), at least one. Without a load balancer leave load_balancer out."
  }

  validation {
    condition     = var.load_balancer == null ? true : can(regex("^sg-[0-9a-f]{8,17}$", var.load_balancer.security_group_id))
    error_message = "load_balancer.security_group_id must be the id of the load balancer's security group, such as sg-0123456789abcdef0."
  }

  validation {
    condition     = var.load_balancer == null ? true : (var.load_balancer.port >= 1 && var.load_balancer.port <= 65535 && floor(var.load_balancer.port) == var.load_balancer.port)
    error_message = "load_balancer.port must be a port, 1 to 65535: the one that the target groups send requests to."
  }

  validation {
    condition     = var.load_balancer == null ? true : (var.load_balancer.health_check_grace_period >= 0 && floor(var.load_balancer.health_check_grace_period) == var.load_balancer.health_check_grace_period)
    error_message = "load_balancer.health_check_grace_period must be a whole number of seconds, 0 or more."
  }
}

# What instances are

variable "artifact_bucket_name" {
  description = "The pipeline's artifact bucket, from which the CodeDeploy agent fetches revisions. Instances may read its objects."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.artifact_bucket_name))
    error_message = "artifact_bucket_name must be the name of a bucket, not its ARN: 3 to 63 lower-case letters, digits, dots and hyphens."
  }
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

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*\\.[a-z0-9-]+$", var.instance.type))
    error_message = "instance.type must be an EC2 instance type, such as t3.micro or m7g.large."
  }

  validation {
    condition     = var.instance.key_name == null ? true : can(regex("^[!-~]([ -~]{0,253}[!-~])?$", var.instance.key_name))
    error_message = "instance.key_name must be the name of an EC2 key pair: 1 to 255 ASCII characters without spaces at the ends. Leave it out to use none."
  }

  validation {
    condition     = alltrue([for id in var.instance.security_group_ids : can(regex("^sg-[0-9a-f]{8,17}$", id))])
    error_message = "instance.security_group_ids must be ids of security groups, such as sg-0123456789abcdef0."
  }

  validation {
    condition = (
      !can(regex("^(#cloud-|#include|#part-handler|Content-Type:|MIME-Version:)", var.instance.user_data)) &&
      (!startswith(var.instance.user_data, "#!") || can(regex("^#! ?(/usr)?/bin/(env )?(ba)?sh\\s", var.instance.user_data)))
    )
    error_message = "instance.user_data must be Bash, with or without a #! line that says so: it becomes part of a script. cloud-config, MIME parts and other languages cannot."
  }

  validation {
    condition = (
      var.instance.root_volume.size >= 8 && var.instance.root_volume.size <= 65536 &&
      floor(var.instance.root_volume.size) == var.instance.root_volume.size
    )
    error_message = "instance.root_volume.size must be a whole number of GiB from 8, which Amazon Linux takes, to 65536."
  }

  validation {
    condition = (
      coalesce(var.instance.root_volume.iops, 3000) >= 3000 &&
      coalesce(var.instance.root_volume.iops, 3000) <= min(80000, max(3000, 500 * var.instance.root_volume.size))
    )
    error_message = "instance.root_volume.iops must be 3000 to 80000, and no more than 500 for each GiB."
  }

  validation {
    condition = (
      coalesce(var.instance.root_volume.throughput, 125) >= 125 &&
      coalesce(var.instance.root_volume.throughput, 125) <= min(2000, coalesce(var.instance.root_volume.iops, 3000) / 4)
    )
    error_message = "instance.root_volume.throughput must be 125 to 2000 MiB/s, and no more than a quarter of iops (3000 when it is left out)."
  }
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
    error_message = "capacity must have min <= desired <= max."
  }
}

variable "encryption" {
  description = "Encryption with a customer managed KMS key: of the volumes, and so of the images that are made of them, and of the artifact bucket, for which instances get the right to decrypt. Amazon EC2 Auto Scaling is granted the key's use. Null for the account's default key of Amazon EBS."
  type = object({
    kms_key_arn = string
  })
  default = null

  validation {
    condition     = var.encryption == null ? true : can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.encryption.kms_key_arn))
    error_message = "encryption.kms_key_arn must be the ARN of a KMS key (arn:aws:kms:<region>:<account>:key/...), not of an alias: policies name keys by their ARN."
  }
}

# The team's rules for roles

variable "role_path" {
  description = "IAM path of the role and the instance profile, such as `/platform/`."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/([A-Za-z0-9+=,.@_-]+/)*$", var.role_path)) && length(var.role_path) <= 512
    error_message = "role_path must begin and end with a slash, with letters, digits and + = , . @ _ - between slashes, 512 characters at most: / or /platform/."
  }
}

variable "permissions_boundary_arn" {
  description = "IAM policy that is the permissions boundary of the role; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null ? true : can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn must be the ARN of an IAM policy, such as arn:aws:iam::123456789012:policy/boundary."
  }
}

variable "tags" {
  description = "Tags for everything the module makes, and for the instances, volumes and network interfaces that are launched. Default tags of the provider do not reach those."
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
