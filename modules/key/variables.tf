variable "build_role_arns" {
  description = "Service roles of CodeBuild projects that read and write artifacts."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.build_role_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$", arn))])
    error_message = "build_role_arns must be ARNs of IAM roles, such as arn:aws:iam::123456789012:role/build."
  }
}
