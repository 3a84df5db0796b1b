# The whole system in two variants that differ in their roles' permissions: from a repository or an object
# in S3, with or without a load balancer, alarms, a key, a role path and a permissions boundary.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "capture" {
  type = string
}

variable "hardened" {
  type = bool
}

locals {
  name = "orders"
}

resource "aws_vpc" "network" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "instances" {
  count = 2

  vpc_id            = aws_vpc.network.id
  cidr_block        = "10.0.${count.index}.0/24"
  availability_zone = ["us-east-1a", "us-east-1b"][count.index]
}

resource "aws_codecommit_repository" "application" {
  repository_name = local.name
}

resource "aws_s3_bucket" "releases" {
  bucket        = "${local.name}-releases"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "releases" {
  bucket = aws_s3_bucket.releases.bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_notification" "releases" {
  bucket      = aws_s3_bucket.releases.bucket
  eventbridge = true
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${local.name} errors"
  namespace           = local.name
  metric_name         = "Errors"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10
}

# A permissions boundary such as a platform team sets for the roles of its services.
resource "aws_iam_policy" "boundary" {
  name = "${local.name}-boundary"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AllowAllExceptIam"
      Effect    = "Allow"
      NotAction = ["iam:*", "organizations:*", "account:*"]
      Resource  = "*"
    }]
  })
}

module "service" {
  source = "../../../.."

  name       = local.name
  vpc_id     = aws_vpc.network.id
  subnet_ids = aws_subnet.instances[*].id
  capacity   = { min = 0, desired = 2, max = 4 }
  capture    = var.capture
  retention  = { keep = 2 }

  delete_images_on_destroy = true

  source_stage = {
    codecommit = var.hardened ? { repository_name = aws_codecommit_repository.application.repository_name } : null
    s3         = var.hardened ? null : { bucket = aws_s3_bucket_notification.releases.bucket, key = "application.zip" }
  }

  load_balancer = var.hardened ? {
    target_group_arns = aws_lb_target_group.instances[*].arn
    security_group_id = aws_security_group.load_balancer.id
  } : null

  deployment = {
    alarm_names         = var.hardened ? [aws_cloudwatch_metric_alarm.errors.alarm_name] : []
    service_role_policy = var.hardened ? "scoped" : "managed"
  }

  encryption               = var.hardened ? { create_kms_key = true } : null
  role_path                = var.hardened ? "/platform/" : "/"
  permissions_boundary_arn = var.hardened ? aws_iam_policy.boundary.arn : null

  tags = { team = "shop" }
}

output "service" {
  value = merge(module.service, { release_bucket = aws_s3_bucket.releases.bucket })
}
