# Notifications of failed executions: subscribe to the topic to get them.

resource "aws_sns_topic" "notifications" {
  # checkov:skip=CKV_AWS_26: only with `encryption`; EventBridge cannot publish with alias/aws/sns, and events have no secrets

  name              = "${var.name}-notifications"
  kms_master_key_id = local.kms_key_arn
  tags              = var.tags
}

# Without conditions: for EventBridge, a topic's policy cannot be limited to a rule or an account, and with
# such a condition no notification would arrive (Amazon EventBridge User Guide, "Using resource-based
# policies for Amazon EventBridge").
resource "aws_sns_topic_policy" "notifications" {
  arn = aws_sns_topic.notifications.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "PublishFailedExecutions"
      Effect    = "Allow"
      Action    = "sns:Publish"
      Principal = { Service = "events.amazonaws.com" }
      Resource  = "arn:${local.partition}:sns:${local.region}:${local.account_id}:${var.name}-notifications"
    }]
  })
}

# Amazon EventBridge User Guide, "CodePipeline pipeline execution state change".
resource "aws_cloudwatch_event_rule" "failed" {
  name        = "${var.name}-failed"
  description = "Notifies of failed executions of pipeline ${var.name}"
  tags        = var.tags

  event_pattern = jsonencode({
    source      = ["aws.codepipeline"]
    detail-type = ["CodePipeline Pipeline Execution State Change"]
    detail      = { pipeline = [var.name], state = ["FAILED"] }
  })
}

resource "aws_cloudwatch_event_target" "failed" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_sns_topic.notifications.arn

  # EventBridge can publish as soon as the target exists.
  depends_on = [aws_sns_topic_policy.notifications]
}
