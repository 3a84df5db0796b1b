# The function's log.

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
      # Readers need the key, too: whoever has an IAM policy that allows it for this log.
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
