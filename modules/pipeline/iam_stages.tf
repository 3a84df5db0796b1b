# The pipeline's permissions for each of its stages.

locals {
  codedeploy_arn = "arn:${local.partition}:codedeploy:${local.region}:${local.account_id}"
}

resource "aws_iam_role_policy" "source" {
  name = "source"
  role = aws_iam_role.pipeline.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.source.statements
  })
}

resource "aws_iam_role_policy" "build" {
  count = var.build == null ? 0 : 1

  name = "build"
  role = aws_iam_role.pipeline.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Build"
      Effect   = "Allow"
      Action   = ["codebuild:BatchGetBuilds", "codebuild:StartBuild"]
      Resource = "arn:${local.partition}:codebuild:${local.region}:${local.account_id}:project/${var.build.project_name}"
    }]
  })
}

resource "aws_iam_role_policy" "deploy" {
  name = "deploy"
  role = aws_iam_role.pipeline.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "RegisterRevision"
        Effect = "Allow"
        Action = [
          "codedeploy:GetApplication",
          "codedeploy:GetApplicationRevision",
          "codedeploy:ListDeploymentGroups",
          "codedeploy:RegisterApplicationRevision",
        ]
        Resource = "${local.codedeploy_arn}:application:${var.codedeploy.application_name}"
      },
      {
        Sid    = "Deploy"
        Effect = "Allow"
        Action = [
          "codedeploy:CreateDeployment",
          "codedeploy:GetDeployment",
          "codedeploy:GetDeploymentGroup",
          "codedeploy:ListDeployments",
        ]
        Resource = "${local.codedeploy_arn}:deploymentgroup:${var.codedeploy.application_name}/${var.codedeploy.deployment_group_name}"
      },
      {
        Sid      = "ReadDeploymentConfig"
        Effect   = "Allow"
        Action   = "codedeploy:GetDeploymentConfig"
        Resource = "${local.codedeploy_arn}:deploymentconfig:${var.codedeploy.config_name}"
      },
      {
        Sid       = "ListDeploymentConfigs" # does not support resource-level permissions
        Effect    = "Allow"
        Action    = "codedeploy:ListDeploymentConfigs"
        Resource  = "*"
        Condition = local.in_region
      },
    ]
  })
}

resource "aws_iam_role_policy" "automation" {
  name = "automation"
  role = aws_iam_role.pipeline.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "InvokeFunction"
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = "arn:${local.partition}:lambda:${local.region}:${local.account_id}:function:${var.automation.function_name}"
      },
      {
        Sid       = "ListFunctions" # does not support resource-level permissions
        Effect    = "Allow"
        Action    = "lambda:ListFunctions"
        Resource  = "*"
        Condition = local.in_region
      },
    ]
  })
}
