# What the function may do: one policy for each thing it deals with. All but the last are known
# before anything exists, so that a plan shows them.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  # Images and snapshots have no account in their ARNs.
  images_and_snapshots = [
    "arn:${local.partition}:ec2:${local.region}::image/*",
    "arn:${local.partition}:ec2:${local.region}::snapshot/*",
  ]
  instances = "arn:${local.partition}:ec2:${local.region}:${local.account_id}:instance/*"

  # What makes an image or a snapshot this pipeline's own.
  own_tag = "asg-ami-pipeline:pipeline"
}

resource "aws_iam_role" "baker" {
  name        = local.function_name
  description = "Function ${local.function_name}"
  tags        = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Function"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "logs" {
  name = "logs"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "WriteOwnLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:${local.partition}:logs:${local.region}:${local.account_id}:log-group:/aws/lambda/${local.function_name}:*"
    }]
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
        Sid      = "AnswerJobs" # which have no ARN
        Effect   = "Allow"
        Action   = ["codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"]
        Resource = "*"
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
        Sid      = "ReadTargets" # not limited by a resource
        Effect   = "Allow"
        Action   = "codedeploy:ListDeploymentTargets"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "reading" {
  name = "reading"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid    = "DescribeFleetAndImages" # none of these is limited by a resource
      Effect = "Allow"
      Action = [
        "autoscaling:DescribeAutoScalingGroups",
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:DescribeSnapshots",
      ]
      Resource = "*"
    }]
  })
}

resource "aws_iam_role_policy" "flush" {
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
        Sid      = "SeeHowItWent" # not limited by a resource
        Effect   = "Allow"
        Action   = "ssm:GetCommandInvocation"
        Resource = "*"
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
        Sid       = "GiveBackOwnImages"
        Effect    = "Allow"
        Action    = ["ec2:DeregisterImage", "ec2:DeleteSnapshot"]
        Resource  = local.images_and_snapshots
        Condition = { StringEquals = { "aws:ResourceTag/${local.own_tag}" = var.pipeline_name } }
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
      Sid      = "PromoteImages"
      Effect   = "Allow"
      Action   = "ec2:CreateLaunchTemplateVersion"
      Resource = "arn:${local.partition}:ec2:${local.region}:${local.account_id}:launch-template/${var.launch_template_id}"
    }]
  })
}
