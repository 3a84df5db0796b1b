# Permission for Amazon EC2 Auto Scaling to launch instances with encrypted volumes.

locals {
  auto_scaling_role_path = "/aws-service-role/autoscaling.amazonaws.com/"
  auto_scaling_role_name = "AWSServiceRoleForAutoScaling"
}

data "aws_iam_roles" "auto_scaling" {
  count = var.encryption == null ? 0 : 1

  name_regex  = "^${local.auto_scaling_role_name}$"
  path_prefix = local.auto_scaling_role_path
}

# Auto Scaling launches instances with its service-linked role, which has no access to customer managed
# keys by default; instances would terminate at launch with "Client.InternalError". A grant gives it
# access to a key of any account without a change to the key's policy.
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
      error_message = "This account has no service-linked role for Amazon EC2 Auto Scaling yet. Auto Scaling launches the instances with that role, so it must be allowed to use the key. Create the role once: aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com"
    }

    precondition {
      condition     = split(":", local.kms_key_arn)[3] == local.region
      error_message = "encryption.kms_key_arn must be a key in ${local.region}, the region of the volumes. This key is in ${split(":", local.kms_key_arn)[3]}."
    }
  }
}
