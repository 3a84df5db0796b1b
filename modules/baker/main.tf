# The function that makes an image of an updated instance and puts it into the launch template, and its
# log group.

resource "aws_lambda_function" "baker" {
  # checkov:skip=CKV_AWS_50: a step takes seconds and calls only AWS; the log says what it did
  # checkov:skip=CKV_AWS_116: if an invocation is lost, CodePipeline fails the job for want of a result
  # checkov:skip=CKV_AWS_117: it connects to nothing but AWS's APIs
  # checkov:skip=CKV_AWS_272: the zip is part of the module; whether to require signing is up to the account's owner

  function_name = local.function_name
  description   = "Bakes an image for ${var.auto_scaling_group_name} in pipeline ${var.pipeline_name}"
  role          = aws_iam_role.baker.arn

  # Built by lambda_src/pack.py from lambda_src/baker; boto3 comes with Lambda's runtime.
  filename         = "${path.module}/baker.zip"
  source_code_hash = filebase64sha256("${path.module}/baker.zip")
  handler          = "baker.entry.handler"
  runtime          = "python3.13"
  architectures    = ["arm64"]

  # A step of a bake takes seconds: a few API calls, with time for slow ones. Listing thousands of images
  # for retention takes longer.
  timeout     = 120
  memory_size = 256

  environment {
    variables = {
      PIPELINE_NAME                    = var.pipeline_name
      CODEDEPLOY_APPLICATION_NAME      = var.codedeploy.application_name
      CODEDEPLOY_DEPLOYMENT_GROUP_NAME = var.codedeploy.deployment_group_name
      AUTO_SCALING_GROUP_NAME          = var.auto_scaling_group_name
      LAUNCH_TEMPLATE_ID               = var.launch_template_id
      IMAGE_TAGS                       = jsonencode(var.tags)
      CAPTURE                          = var.capture
      KEEP_IMAGES                      = var.retention.keep
      RETENTION_DRY_RUN                = var.retention.dry_run
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.baker.name
  }

  tags = var.tags

  lifecycle {
    precondition {
      condition     = length(base64encode(jsonencode(var.tags))) <= 4 * ceil(3072 / 3)
      error_message = "tags must be at most 3 KB long as JSON: the function gets them in its environment, which Lambda limits to 4 KB. Use fewer or shorter tags."
    }
  }
}

# No retries: CodePipeline invokes the function again with a continuation token, and users retry the stage.
# A retry of Lambda's own could report a result for a job that has timed out, after CodePipeline's 20
# minutes.
resource "aws_lambda_function_event_invoke_config" "baker" {
  function_name                = aws_lambda_function.baker.function_name
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = 1200
}

resource "aws_cloudwatch_log_group" "baker" {
  # checkov:skip=CKV_AWS_158: only with `encryption`; otherwise CloudWatch Logs encrypts with its own key
  # checkov:skip=CKV_AWS_338: log_retention_days decides; this is not an audit log

  name              = "/aws/lambda/${local.function_name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.encryption == null ? null : var.encryption.kms_key_arn
  tags              = var.tags
}
