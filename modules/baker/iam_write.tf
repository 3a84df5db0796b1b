# Permissions to write: the pipeline's images, and versions of its launch template.

locals {
  # Like images, snapshots have no account in their ARNs.
  images_and_snapshots = [local.images, "arn:${local.partition}:ec2:${local.region}::snapshot/*"]

  through_ec2 = "ec2.${local.region}.${local.dns_suffix}"
}

# IAM checks CreateImage for the instance, the image and the snapshots, each with condition keys of its
# own: an instance already has tags, the image and the snapshots have only those of the request.
resource "aws_iam_role_policy" "images" {
  name = "images"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "CreateImagesOfGroupInstances"
        Effect    = "Allow"
        Action    = "ec2:CreateImage"
        Resource  = local.instances
        Condition = { StringEquals = { "aws:ResourceTag/aws:autoscaling:groupName" = var.auto_scaling_group_name } }
      },
      {
        Sid       = "CreateTaggedImages"
        Effect    = "Allow"
        Action    = "ec2:CreateImage"
        Resource  = local.images_and_snapshots
        Condition = { StringEquals = { "aws:RequestTag/${local.own_tag}" = var.pipeline_name } }
      },
      {
        Sid      = "TagImagesOnCreate"
        Effect   = "Allow"
        Action   = "ec2:CreateTags"
        Resource = local.images_and_snapshots
        Condition = { StringEquals = {
          "ec2:CreateAction"                = "CreateImage"
          "aws:RequestTag/${local.own_tag}" = var.pipeline_name
        } }
      },
      {
        Sid      = "RemoveOwnImages"
        Effect   = "Allow"
        Action   = ["ec2:DeregisterImage", "ec2:DeleteSnapshot"]
        Resource = local.images_and_snapshots
        Condition = { StringEquals = {
          "aws:ResourceTag/${local.own_tag}" = var.pipeline_name
          "ec2:Owner"                        = local.account_id
        } }
      },
      {
        Sid      = "TagUndoneImages"
        Effect   = "Allow"
        Action   = "ec2:CreateTags"
        Resource = local.images
        Condition = {
          StringEquals                = { "aws:ResourceTag/${local.own_tag}" = var.pipeline_name }
          "ForAllValues:StringEquals" = { "aws:TagKeys" = "asg-ami-pipeline:undo" }
          Null                        = { "aws:TagKeys" = "false" }
        }
      },
    ]
  })
}

# "Requirements for Amazon EBS encryption", Amazon EBS User Guide; AWS does not document which of these
# CreateImage needs.
resource "aws_iam_role_policy" "encryption" {
  count = var.encryption == null ? 0 : 1

  name = "encryption"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "ImageEncryptedVolumes"
        Effect = "Allow"
        Action = [
          "kms:Decrypt",
          "kms:DescribeKey",
          "kms:GenerateDataKeyWithoutPlaintext",
          "kms:ReEncryptFrom",
          "kms:ReEncryptTo",
        ]
        Resource  = var.encryption.kms_key_arn
        Condition = { StringEquals = { "kms:ViaService" = local.through_ec2 } }
      },
      {
        Sid      = "GrantKeyForSnapshots"
        Effect   = "Allow"
        Action   = "kms:CreateGrant"
        Resource = var.encryption.kms_key_arn
        Condition = {
          StringEquals = { "kms:ViaService" = local.through_ec2 }
          Bool         = { "kms:GrantIsForAWSResource" = "true" }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "launch_template" {
  name = "launch-template"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "PromoteImagesAndPruneVersions"
      Effect   = "Allow"
      Action   = ["ec2:CreateLaunchTemplateVersion", "ec2:DeleteLaunchTemplateVersions"]
      Resource = "arn:${local.partition}:ec2:${local.region}:${local.account_id}:launch-template/${var.launch_template_id}"
    }]
  })
}
