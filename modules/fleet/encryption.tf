# What Amazon EC2 Auto Scaling needs to launch instances whose volumes have a customer managed key.

locals {
  auto_scaling_role_path = "/aws-service-role/autoscaling.amazonaws.com/"
  auto_scaling_role_name = "AWSServiceRoleForAutoScaling"
}

data "aws_iam_roles" "auto_scaling" {
  count = var.encryption == null ? 0 : 1

  name_regex  = "^${local.auto_scaling_role_name}$"
  path_prefix = local.auto_scaling_role_path
}

# Auto Scaling launches with its service-linked role, which may use no key of the account by itself;
# instances would end at once, with nothing but "Client.InternalError". A grant does it for a key of any
# account, and leaves the key's policy as it is.
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
resource "aws_kms_grant" "auto_scaling" {
  count = var.encryption == null ? 0 : 1

  name              = "${var.name}-auto-scaling"
  key_id            = local.kms_key_arn
  grantee_principal = "arn:${local.partition}:iam::${local.account_id}:role${local.auto_scaling_role_path}${local.auto_scaling_role_name}"

  operations = [
    "CreateGrant",
    "Decrypt",
    "DescribeKey",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
  ]

  lifecycle {
    precondition {
      condition     = length(data.aws_iam_roles.auto_scaling[0].names) == 1
      error_message = "This account has no service-linked role of Amazon EC2 Auto Scaling yet, which launches the instances and has to be let use the key. Create it once: aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com"
    }

    precondition {
      condition     = split(":", local.kms_key_arn)[3] == local.region
      error_message = "encryption.kms_key_arn must be a key of ${local.region}, where the volumes are; it is one of ${split(":", local.kms_key_arn)[3]}."
    }
  }
}
