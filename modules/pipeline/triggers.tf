# What starts the pipeline: a push to the branch, or a new version of the object. Nothing else does.

locals {
  event_pattern = concat(
    [for repository in [local.codecommit] : {
      source      = ["aws.codecommit"]
      detail-type = ["CodeCommit Repository State Change"]
      resources   = [local.repository_arn]
      detail = {
        event         = ["referenceCreated", "referenceUpdated"]
        referenceType = ["branch"]
        referenceName = [repository.branch]
      }
    } if repository != null],
    [for object in [local.s3] : {
      source      = ["aws.s3"]
      detail-type = ["Object Created"]
      detail = {
        bucket = { name = [object.bucket] }
        object = { key = [object.key] }
      }
    } if object != null],
  )[0]
}

resource "aws_cloudwatch_event_rule" "start" {
  name          = "${var.name}-start"
  description   = "Starts pipeline ${var.name} when its source changes"
  event_pattern = jsonencode(local.event_pattern)
  tags          = var.tags
}

resource "aws_cloudwatch_event_target" "start" {
  rule     = aws_cloudwatch_event_rule.start.name
  arn      = aws_codepipeline.pipeline.arn
  role_arn = aws_iam_role.start.arn
}

# Amazon EventBridge User Guide, "Cross-service confused deputy prevention".
resource "aws_iam_role" "start" {
  name                 = "${var.name}-start"
  path                 = var.role_path
  description          = "EventBridge, to start pipeline ${var.name}"
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ThisRule"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "events.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account_id }
        ArnEquals    = { "aws:SourceArn" = "arn:${local.partition}:events:${local.region}:${local.account_id}:rule/${var.name}-start" }
      }
    }]
  })
}

resource "aws_iam_role_policy" "start" {
  name = "start"
  role = aws_iam_role.start.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "StartPipeline"
      Effect   = "Allow"
      Action   = "codepipeline:StartPipelineExecution"
      Resource = local.pipeline_arn
    }]
  })
}
