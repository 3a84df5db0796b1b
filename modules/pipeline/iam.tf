# What the pipeline may do: one policy for the artifacts and one for each stage.
# https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html

locals {
  in_region      = { StringEquals = { "aws:RequestedRegion" = local.region } }
  codedeploy_arn = "arn:${local.partition}:codedeploy:${local.region}:${local.account_id}"

  # CodePipeline copies the tags of an object in S3 to the artifact.
  artifact_actions = concat(
    ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl"],
    local.s3 == null ? [] : ["s3:GetObjectTagging", "s3:GetObjectVersionTagging", "s3:PutObjectTagging"],
  )
}

resource "aws_iam_role" "pipeline" {
  name                 = "${var.name}-pipeline"
  path                 = var.role_path
  description          = "Pipeline ${var.name}"
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags

  # AWS documents no aws:Source key for CodePipeline, and with one that it does not send, nothing would
  # run: the account is compared where it is said.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "PipelinesOfThisAccount"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "codepipeline.amazonaws.com" }
      Condition = { StringEqualsIfExists = { "aws:SourceAccount" = local.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "artifacts" {
  name = "artifacts"
  role = aws_iam_role.pipeline.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "LookAtArtifactBucket"
          Effect   = "Allow"
          Action   = ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"]
          Resource = local.artifact_bucket_arn
        },
        {
          Sid      = "PassArtifactsOn"
          Effect   = "Allow"
          Action   = local.artifact_actions
          Resource = "${local.artifact_bucket_arn}/*"
        },
      ],
      [for encryption in [var.encryption] : {
        Sid      = "EncryptAndDecryptArtifacts"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = encryption.kms_key_arn
        Condition = {
          StringEquals = { "kms:ViaService" = "s3.${local.region}.${data.aws_partition.current.dns_suffix}" }
          # Of the bucket where it uses a bucket key, else of the object.
          StringLike = { "kms:EncryptionContext:aws:s3:arn" = [local.artifact_bucket_arn, "${local.artifact_bucket_arn}/*"] }
        }
      } if encryption != null],
    )
  })
}

resource "aws_iam_role_policy" "build" {
  count = var.build != null ? 1 : 0

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
        Sid       = "ListDeploymentConfigs" # not limited by a resource
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
        Sid       = "ListFunctions" # not limited by a resource
        Effect    = "Allow"
        Action    = "lambda:ListFunctions"
        Resource  = "*"
        Condition = local.in_region
      },
    ]
  })
}
