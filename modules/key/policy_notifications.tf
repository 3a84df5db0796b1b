# The topic that receives failed executions.

locals {
  notifications = [
    {
      # For EventBridge, a key policy cannot be limited to a rule or an account (Amazon SNS Developer Guide,
      # "Enable compatibility between event sources from AWS services and encrypted topics"), but it can to
      # a topic.
      Sid       = "EncryptNotifications"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
      Condition = { StringEquals = { "kms:EncryptionContext:aws:sns:topicArn" = "arn:${local.partition}:sns:${local.region}:${local.account_id}:${var.name}-notifications" } }
    },
  ]
}
