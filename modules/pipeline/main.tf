# The pipeline with its stages: Source, Build (optional), Deploy and Automation.

locals {
  source_namespace = "SourceVariables"

  # What the function needs and CodePipeline's event does not have.
  user_parameters = jsonencode(merge(
    {
      execution = "#{codepipeline.PipelineExecutionId}"
      revision  = "#{${local.source_namespace}.${local.source.revision}}"
    },
    var.automation.user_parameters,
  ))
}

resource "aws_codepipeline" "pipeline" {
  # checkov:skip=CKV_AWS_219: only with `encryption`; otherwise the bucket encrypts with Amazon S3's key

  name           = var.name
  role_arn       = aws_iam_role.pipeline.arn
  pipeline_type  = "V2"
  execution_mode = var.execution_mode
  tags           = var.tags

  artifact_store {
    location = aws_s3_bucket.artifacts.bucket
    type     = "S3"

    dynamic "encryption_key" {
      for_each = var.encryption == null ? [] : [var.encryption.kms_key_arn]

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
      provider         = local.source.provider
      version          = "1"
      namespace        = local.source_namespace
      output_artifacts = ["Source"]
      configuration    = local.source.configuration
    }
  }

  dynamic "stage" {
    for_each = var.build == null ? [] : [var.build]

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
      input_artifacts = [var.build == null ? "Source" : "Build"]

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
      error_message = "automation.user_parameters is too long: CodePipeline allows 1,000 characters, and together with the module's own parameters there are ${length(local.user_parameters)}. Shorten them."
    }
  }

  # CodePipeline starts an execution as soon as the pipeline is created.
  depends_on = [
    aws_iam_role_policy.artifacts,
    aws_iam_role_policy.source,
    aws_iam_role_policy.build,
    aws_iam_role_policy.deploy,
    aws_iam_role_policy.automation,
  ]
}
