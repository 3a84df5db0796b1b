# The function's log, and the topic of failed executions.

locals {
  for_logs     = { "kms:EncryptionContext:aws:logs:arn" = "arn:${local.partition}:logs:${local.region}:${local.account_id}:log-group:/aws/lambda/${var.name}-baker" }
  through_logs = "logs.${local.region}.${local.dns_suffix}"

  logs = [
    {
      # Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
      Sid       = "EncryptFunctionLogs"
      Effect    = "Allow"
      Principal = { Service = local.through_logs }
      Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
      Resource  = "*"
      Condition = { StringEquals = local.for_logs }
    },
    {
      # Who writes and who reads needs the key, too: the baker, and whom IAM lets use it for this one log.
      Sid       = "ReadFunctionLogsThroughIam"
      Effect    = "Allow"
      Principal = local.account
      Action    = "kms:Decrypt"
      Resource  = "*"
      Condition = { StringEquals = merge(local.for_logs, { "kms:ViaService" = local.through_logs }) }
    },
    {
      Sid       = "WriteFunctionLogs"
      Effect    = "Allow"
      Principal = local.account
      Action    = "kms:GenerateDataKey"
      Resource  = "*"
      Condition = {
        ArnEquals    = { "aws:PrincipalArn" = "${local.role_arn_prefix}-baker" }
        StringEquals = merge(local.for_logs, { "kms:ViaService" = local.through_logs })
      }
    },
  ]
}
