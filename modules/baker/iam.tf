# The function's role, and its permissions for its log and its pipeline; the rest is in iam_read.tf,
# iam_write.tf and iam_capture.tf. All policies except the launch template's are known at plan time.

locals {
  log_group_arn = "arn:${local.partition}:logs:${local.region}:${local.account_id}:log-group:/aws/lambda/${local.function_name}"
  through_logs  = "logs.${local.region}.${local.dns_suffix}"
}

resource "aws_iam_role" "baker" {
  name                 = local.function_name
  path                 = var.role_path
  description          = "Function ${local.function_name}"
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags

  # Without aws:SourceArn: AWS documents only aws:SourceAccount for Lambda, and with a condition key that
  # Lambda does not send, the function could not run.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AllowLambdaInThisAccount"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = local.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "logs" {
  name = "logs"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid      = "WriteOwnLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${local.log_group_arn}:*"
      }],
      # Writers need the key, too ("Encrypt log data in CloudWatch Logs using AWS KMS", Amazon CloudWatch
      # Logs User Guide). The actions are those of AWS's policy CloudWatchLogsAPIKeyAccess.
      var.encryption == null ? [] : [{
        Sid      = "EncryptOwnLogs"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = var.encryption.kms_key_arn
        Condition = { StringEquals = {
          "kms:ViaService"                     = local.through_logs
          "kms:EncryptionContext:aws:logs:arn" = local.log_group_arn
        } }
      }],
      var.encryption == null ? [] : [{
        Sid       = "DescribeLogKey"
        Effect    = "Allow"
        Action    = "kms:DescribeKey"
        Resource  = var.encryption.kms_key_arn
        Condition = { StringEquals = { "kms:ViaService" = local.through_logs } }
      }],
    )
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
        Sid       = "ReportJobResults" # jobs have no ARN
        Effect    = "Allow"
        Action    = ["codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"]
        Resource  = "*"
        Condition = local.in_region
      },
    ]
  })
}
