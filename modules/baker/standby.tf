# A bake returns the instance that it put into Standby to service. If the function was cut off, or the
# execution was stopped, nothing invokes it again, so this schedule makes it look for such instances.

resource "aws_cloudwatch_event_rule" "return_to_service" {
  count = var.capture == "standby" ? 1 : 0

  name                = "${local.function_name}-return-to-service"
  description         = "Returns instances to service whose bake was interrupted"
  schedule_expression = "rate(5 minutes)"
  tags                = var.tags
}

resource "aws_cloudwatch_event_target" "return_to_service" {
  count = var.capture == "standby" ? 1 : 0

  rule  = aws_cloudwatch_event_rule.return_to_service[0].name
  arn   = aws_lambda_function.baker.arn
  input = jsonencode({ return_to_service = {} })
}

resource "aws_lambda_permission" "return_to_service" {
  count = var.capture == "standby" ? 1 : 0

  statement_id  = "ReturnToService"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.baker.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.return_to_service[0].arn
}
