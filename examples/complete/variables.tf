variable "name" {
  description = "Name of the service, from which all names are derived: 2 to 32 lowercase letters, digits and hyphens."
  type        = string
  default     = "web"
}

variable "region" {
  description = "AWS region of all resources."
  type        = string
  default     = "us-east-1"
}

variable "instance_type" {
  description = "EC2 instance type, of architecture x86_64 or arm64."
  type        = string
  default     = "t3.micro"
}
