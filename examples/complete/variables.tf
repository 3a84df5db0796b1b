variable "name" {
  description = "Name of the service; everything is named from it. 2 to 32 lower-case letters, digits and hyphens."
  type        = string
  default     = "web"
}

variable "region" {
  description = "AWS region to run in."
  type        = string
  default     = "us-east-1"
}

variable "instance_type" {
  description = "EC2 instance type. Any will do, x86_64 or arm64."
  type        = string
  default     = "t3.micro"
}
