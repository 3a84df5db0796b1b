# The whole system without a load balancer, which takes longest to create: for tests of the pipeline and
# the bake.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "instance_type" {
  type    = string
  default = "t3.micro"
}

variable "instances" {
  type    = number
  default = 2
}

variable "execution_mode" {
  type    = string
  default = "SUPERSEDED"
}

variable "capture" {
  type    = string
  default = "live"
}

variable "keep" {
  type    = number
  default = 100
}

variable "delete_images_on_destroy" {
  type    = bool
  default = false
}

resource "aws_vpc" "network" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "instances" {
  vpc_id     = aws_vpc.network.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_codecommit_repository" "application" {
  repository_name = "orders"
}

module "service" {
  source = "../../../.."

  name           = "orders"
  vpc_id         = aws_vpc.network.id
  subnet_ids     = [aws_subnet.instances.id]
  instance       = { type = var.instance_type }
  capacity       = { min = 0, desired = var.instances, max = 6 }
  execution_mode = var.execution_mode
  capture        = var.capture
  retention      = { keep = var.keep }
  encryption     = var.own_key ? { kms_key_arn = aws_kms_key.team[0].arn } : null

  delete_images_on_destroy = var.delete_images_on_destroy

  source_stage = { codecommit = { repository_name = aws_codecommit_repository.application.repository_name } }

  tags = { team = "shop" }
}

output "service" {
  value = module.service
}
