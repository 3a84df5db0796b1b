# The pipeline: Source, Build where there is one, Deploy, Automation.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  pipeline_arn = "arn:${local.partition}:codepipeline:${local.region}:${local.account_id}:${var.name}"
  kms_key_arn  = var.encryption == null ? null : var.encryption.kms_key_arn

  consoles = { aws-cn = "console.amazonaws.cn", aws-us-gov = "console.amazonaws-us-gov.com" }
  console  = lookup(local.consoles, local.partition, "console.aws.amazon.com")

  codecommit = var.source_stage.codecommit
  s3         = var.source_stage.s3

  # PollForSourceChanges is true when it is left out, and every change would start the pipeline twice.
  source_action = concat(
    [for repository in [local.codecommit] : {
      provider = "CodeCommit"
      revision = "#{SourceVariables.CommitId}"
      configuration = {
        RepositoryName       = repository.repository_name
        BranchName           = repository.branch
        PollForSourceChanges = "false"
      }
    } if repository != null],
    [for object in [local.s3] : {
      provider = "S3"
      revision = "#{SourceVariables.VersionId}"
      configuration = {
        S3Bucket             = object.bucket
        S3ObjectKey          = object.key
        PollForSourceChanges = "false"
      }
    } if object != null],
  )[0]

  # What the event that CodePipeline sends to the function does not hold.
  user_parameters = jsonencode(merge(
    {
      execution = "#{codepipeline.PipelineExecutionId}"
      revision  = local.source_action.revision
    },
    var.automation.user_parameters,
  ))
}

resource "aws_codepipeline" "pipeline" {
  # checkov:skip=CKV_AWS_219: with `encryption`; else the bucket encrypts with Amazon S3's key

  name           = var.name
  role_arn       = aws_iam_role.pipeline.arn
  pipeline_type  = "V2"
  execution_mode = var.execution_mode
  tags           = var.tags

  artifact_store {
    location = aws_s3_bucket.artifacts.bucket
    type     = "S3"

    dynamic "encryption_key" {
      for_each = var.encryption != null ? [local.kms_key_arn] : []

      content {
        id   = encryption_key.value
        type = "KMS"
      }
    }
  }

  stage {
    name = "Source"

    action {
      name             = "Source"
      category         = "Source"
      owner            = "AWS"
      provider         = local.source_action.provider
      version          = "1"
      namespace        = "SourceVariables"
      output_artifacts = ["Source"]
      configuration    = local.source_action.configuration
    }
  }

  dynamic "stage" {
    for_each = var.build != null ? [var.build] : []

    content {
      name = "Build"

      action {
        name             = "Build"
        category         = "Build"
        owner            = "AWS"
        provider         = "CodeBuild"
        version          = "1"
        input_artifacts  = ["Source"]
        output_artifacts = ["Build"]
        configuration    = { ProjectName = stage.value.project_name }
      }
    }
  }

  stage {
    name = "Deploy"

    action {
      name            = "Deploy"
      category        = "Deploy"
      owner           = "AWS"
      provider        = "CodeDeploy"
      version         = "1"
      input_artifacts = [var.build != null ? "Build" : "Source"]

      configuration = {
        ApplicationName     = var.codedeploy.application_name
        DeploymentGroupName = var.codedeploy.deployment_group_name
      }
    }
  }

  stage {
    name = "Automation"

    action {
      name      = "Automation"
      category  = "Invoke"
      owner     = "AWS"
      provider  = "Lambda"
      version   = "1"
      namespace = "AutomationVariables"

      configuration = {
        FunctionName   = var.automation.function_name
        UserParameters = local.user_parameters
      }
    }
  }

  lifecycle {
    precondition {
      condition     = length(local.user_parameters) <= 1000
      error_message = "automation.user_parameters is too long: CodePipeline takes 1,000 characters of user parameters, and with those of this module there are ${length(local.user_parameters)}."
    }
  }

  # AWS starts a new pipeline at once.
  depends_on = [
    aws_iam_role_policy.artifacts,
    aws_iam_role_policy.source,
    aws_iam_role_policy.build,
    aws_iam_role_policy.deploy,
    aws_iam_role_policy.automation,
  ]
}
