# The function's role, and what it may read and answer: one policy for each thing it deals with. All but
# that of the launch template are known before anything exists, so that a plan shows them.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  in_region = { StringEquals = { "aws:RequestedRegion" = local.region } }

  log_group_arn = "arn:${local.partition}:logs:${local.region}:${local.account_id}:log-group:/aws/lambda/${local.function_name}"
  through_logs  = "logs.${local.region}.${data.aws_partition.current.dns_suffix}"
}

resource "aws_iam_role" "baker" {
  name                 = local.function_name
  path                 = var.role_path
  description          = "Function ${local.function_name}"
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags

  # AWS documents aws:SourceAccount for Lambda, but no form of aws:SourceArn; with one that it does not
  # send, nothing would run.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "FunctionsOfThisAccount"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = local.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "logs" {
  name = "logs"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid      = "WriteOwnLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${local.log_group_arn}:*"
      }],
      # "Encrypt log data in CloudWatch Logs using AWS KMS", Amazon CloudWatch Logs User Guide: who writes
      # needs the key, too. What of it PutLogEvents takes, AWS's policy CloudWatchLogsAPIKeyAccess says.
      [for encryption in [var.encryption] : {
        Sid      = "EncryptOwnLogs"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = encryption.kms_key_arn
        Condition = { StringEquals = {
          "kms:ViaService"                     = local.through_logs
          "kms:EncryptionContext:aws:logs:arn" = local.log_group_arn
        } }
      } if encryption != null],
      [for encryption in [var.encryption] : {
        Sid       = "SeeTheKeyOfOwnLogs"
        Effect    = "Allow"
        Action    = "kms:DescribeKey"
        Resource  = encryption.kms_key_arn
        Condition = { StringEquals = { "kms:ViaService" = local.through_logs } }
      } if encryption != null],
    )
  })
}

resource "aws_iam_role_policy" "pipeline" {
  name = "pipeline"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "FindDeployment"
        Effect   = "Allow"
        Action   = "codepipeline:ListActionExecutions"
        Resource = "arn:${local.partition}:codepipeline:${local.region}:${local.account_id}:${var.pipeline_name}"
      },
      {
        Sid       = "AnswerJobs" # which have no ARN
        Effect    = "Allow"
        Action    = ["codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"]
        Resource  = "*"
        Condition = local.in_region
      },
    ]
  })
}

resource "aws_iam_role_policy" "deployments" {
  name = "deployments"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "ReadDeployments"
        Effect = "Allow"
        Action = ["codedeploy:BatchGetDeployments", "codedeploy:ListDeployments"]
        Resource = format(
          "arn:%s:codedeploy:%s:%s:deploymentgroup:%s/%s", local.partition, local.region, local.account_id,
          var.codedeploy.application_name, var.codedeploy.deployment_group_name
        )
      },
      {
        Sid       = "ReadTargets" # not limited by a resource
        Effect    = "Allow"
        Action    = "codedeploy:ListDeploymentTargets"
        Resource  = "*"
        Condition = local.in_region
      },
    ]
  })
}

resource "aws_iam_role_policy" "reading" {
  name = "reading"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "DescribeFleetAndImages" # none of these is limited by a resource
        Effect = "Allow"
        Action = [
          "autoscaling:DescribeAutoScalingGroups",
          "ec2:DescribeImageReferences",
          "ec2:DescribeImages",
          "ec2:DescribeInstances",
          "ec2:DescribeLaunchTemplateVersions",
          "ec2:DescribeSnapshots",
        ]
        Resource  = "*"
        Condition = local.in_region
      },
      {
        Sid       = "SeeWhetherOwnImagesAreShared"
        Effect    = "Allow"
        Action    = "ec2:DescribeImageAttribute"
        Resource  = "arn:${local.partition}:ec2:${local.region}::image/*"
        Condition = { StringEquals = { "aws:ResourceTag/${local.own_tag}" = var.pipeline_name } }
      },
      # What EC2 looks through in the function's name, beside the above, when it is asked what uses an image
      # ("Identify your resources referencing specified AMIs", Amazon EC2 User Guide); the function itself
      # may not.
      {
        Sid    = "LetEc2FindWhatUsesAnImage" # none of these is limited by a resource
        Effect = "Allow"
        Action = [
          "ec2:DescribeLaunchTemplates",
          "imagebuilder:ListContainerRecipes",
          "imagebuilder:ListImageRecipes",
          "ssm:DescribeParameters",
        ]
        Resource = "*"
        Condition = {
          StringEquals               = { "aws:RequestedRegion" = local.region }
          "ForAnyValue:StringEquals" = { "aws:CalledVia" = "ec2-images.amazonaws.com" }
        }
      },
      {
        Sid    = "LetEc2ReadWhatItFinds"
        Effect = "Allow"
        Action = ["imagebuilder:GetContainerRecipe", "ssm:GetParameters"]
        Resource = [
          "arn:${local.partition}:imagebuilder:${local.region}:${local.account_id}:container-recipe/*",
          "arn:${local.partition}:ssm:${local.region}:${local.account_id}:parameter/*",
        ]
        Condition = { "ForAnyValue:StringEquals" = { "aws:CalledVia" = "ec2-images.amazonaws.com" } }
      },
    ]
  })
}
