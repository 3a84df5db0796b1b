# What the function may change: nothing but instances of the group, images with its own tag, and one
# launch template.

locals {
  # Images and snapshots have no account in their ARNs.
  images_and_snapshots = [
    "arn:${local.partition}:ec2:${local.region}::image/*",
    "arn:${local.partition}:ec2:${local.region}::snapshot/*",
  ]
  instances = "arn:${local.partition}:ec2:${local.region}:${local.account_id}:instance/*"

  through_ec2 = "ec2.${local.region}.${data.aws_partition.current.dns_suffix}"

  # What makes an image or a snapshot this pipeline's own.
  own_tag = "asg-ami-pipeline:pipeline"
}

resource "aws_iam_role_policy" "flush" {
  count = var.capture == "live" ? 1 : 0

  name = "flush"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "RunShellScript"
        Effect   = "Allow"
        Action   = "ssm:SendCommand"
        Resource = "arn:${local.partition}:ssm:${local.region}::document/AWS-RunShellScript"
      },
      {
        Sid       = "OnInstancesOfTheGroup"
        Effect    = "Allow"
        Action    = "ssm:SendCommand"
        Resource  = local.instances
        Condition = { StringEquals = { "ssm:resourceTag/aws:autoscaling:groupName" = var.auto_scaling_group_name } }
      },
      {
        Sid       = "SeeHowItWent" # not limited by a resource
        Effect    = "Allow"
        Action    = "ssm:GetCommandInvocation"
        Resource  = "*"
        Condition = local.in_region
      },
    ]
  })
}

# CreateImage is checked against the instance, the image and the snapshots, and each of them has other
# condition keys: an instance has tags already, the image and the snapshots only those of the request.
resource "aws_iam_role_policy" "images" {
  name = "images"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ImageInstancesOfTheGroup"
        Effect    = "Allow"
        Action    = "ec2:CreateImage"
        Resource  = local.instances
        Condition = { StringEquals = { "aws:ResourceTag/aws:autoscaling:groupName" = var.auto_scaling_group_name } }
      },
      {
        Sid       = "MakeTaggedImages"
        Effect    = "Allow"
        Action    = "ec2:CreateImage"
        Resource  = local.images_and_snapshots
        Condition = { StringEquals = { "aws:RequestTag/${local.own_tag}" = var.pipeline_name } }
      },
      {
        Sid      = "TagThemAsTheyAreMade"
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
        Sid      = "MarkOwnImagesOfAnUndo"
        Effect   = "Allow"
        Action   = "ec2:CreateTags"
        Resource = "arn:${local.partition}:ec2:${local.region}::image/*"
        Condition = {
          StringEquals                = { "aws:ResourceTag/${local.own_tag}" = var.pipeline_name }
          "ForAllValues:StringEquals" = { "aws:TagKeys" = "asg-ami-pipeline:undo" }
          Null                        = { "aws:TagKeys" = "false" }
        }
      },
    ]
  })
}

# "Requirements for Amazon EBS encryption", Amazon EBS User Guide; AWS does not say which of these
# CreateImage asks for.
resource "aws_iam_role_policy" "encryption" {
  count = var.encryption != null ? 1 : 0

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
        Sid      = "LetEbsEncryptSnapshots"
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

resource "aws_iam_role_policy" "standby" {
  count = var.capture == "standby" ? 1 : 0

  name = "standby"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "TakeInstancesOutOfServiceAndBack"
        Effect = "Allow"
        Action = ["autoscaling:EnterStandby", "autoscaling:ExitStandby"]
        Resource = format(
          "arn:%s:autoscaling:%s:%s:autoScalingGroup:*:autoScalingGroupName/%s", local.partition, local.region,
          local.account_id, var.auto_scaling_group_name
        )
      },
      {
        Sid      = "MarkThem"
        Effect   = "Allow"
        Action   = ["ec2:CreateTags", "ec2:DeleteTags"]
        Resource = local.instances
        Condition = {
          StringEquals                = { "aws:ResourceTag/aws:autoscaling:groupName" = var.auto_scaling_group_name }
          "ForAllValues:StringEquals" = { "aws:TagKeys" = "asg-ami-pipeline:standby" }
          Null                        = { "aws:TagKeys" = "false" }
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
