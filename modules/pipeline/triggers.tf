# The rule that starts the pipeline when its source changes. Nothing polls the source.

resource "aws_cloudwatch_event_rule" "start" {
  name          = "${var.name}-start"
  description   = "Starts pipeline ${var.name} when its source changes"
  event_pattern = jsonencode(local.source.event_pattern)
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
      Sid       = "AllowEventBridgeRule"
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
      Resource = "arn:${local.partition}:codepipeline:${local.region}:${local.account_id}:${var.name}"
    }]
  })
}
