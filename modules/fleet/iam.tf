# The instances' role: they can download artifacts and be managed through Systems Manager.

locals {
  role_name = "${var.name}-instance"
  role_arn  = "arn:${local.partition}:iam::${local.account_id}:role${var.role_path}${local.role_name}"

  artifact_bucket_arn = "arn:${local.partition}:s3:::${var.artifact_bucket_name}"
  in_region           = { StringEquals = { "aws:RequestedRegion" = local.region } }
}

resource "aws_iam_role" "instance" {
  name                 = local.role_name
  path                 = var.role_path
  description          = "Instances of ${var.name}"
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags

  # Without conditions: EC2 documents no condition keys for this, and with one that it does not send,
  # no instance would get credentials. Who may launch instances with the role is controlled by
  # iam:PassRole.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AllowEc2"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_instance_profile" "instance" {
  name = aws_iam_role.instance.name
  path = var.role_path
  role = aws_iam_role.instance.name
  tags = var.tags
}

resource "aws_iam_role_policy" "artifacts" {
  name = "artifacts"
  role = aws_iam_role.instance.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid      = "DownloadRevisions"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = "${local.artifact_bucket_arn}/*"
      }],
      var.encryption == null ? [] : [{
        Sid      = "DecryptRevisions"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = var.encryption.kms_key_arn
        Condition = {
          StringEquals = { "kms:ViaService" = "s3.${local.region}.${local.dns_suffix}" }
          # The bucket's ARN if S3 uses a bucket key, the object's otherwise.
          StringLike = { "kms:EncryptionContext:aws:s3:arn" = [local.artifact_bucket_arn, "${local.artifact_bucket_arn}/*"] }
        }
      }],
    )
  })
}

# The part of AmazonSSMManagedInstanceCore that Run Command and Session Manager use. ssm:GetParameter is
# left out, so that instances cannot read parameters; so is ec2messages, which an agent with access to
# ssmmessages does not use ("Reference: ec2messages, ssmmessages, and other API operations", AWS Systems
# Manager User Guide).
resource "aws_iam_role_policy" "systems_manager" {
  name = "systems-manager"
  role = aws_iam_role.instance.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "RegisterWithSystemsManager"
        Effect   = "Allow"
        Action   = "ssm:UpdateInstanceInformation"
        Resource = "arn:${local.partition}:ec2:${local.region}:${local.account_id}:instance/*"
      },
      {
        Sid    = "UseRunCommandAndSessionManager" # these actions do not support resource-level permissions
        Effect = "Allow"
        Action = [
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ]
        Resource  = "*"
        Condition = local.in_region
      },
    ]
  })
}
