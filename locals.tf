# Values used in several files.

locals {
  create_kms_key = var.encryption == null ? false : var.encryption.create_kms_key
  encryption = var.encryption == null ? null : {
    kms_key_arn = local.create_kms_key ? module.key[0].arn : var.encryption.kms_key_arn
  }

  # CodeDeploy takes names; ARNs are arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>.
  target_group_names = var.load_balancer == null ? [] : [
    for arn in var.load_balancer.target_group_arns : try(split("/", arn)[1], arn)
  ]
}
