# The topic of failed executions.

locals {
  notifications = [
    {
      # Amazon SNS Developer Guide, "Enable compatibility between event sources from AWS services and encrypted
      # topics": for EventBridge a key cannot say for which rule or account, but it can for which topic.
      Sid       = "EncryptNotifications"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
      Condition = { StringEquals = { "kms:EncryptionContext:aws:sns:topicArn" = "arn:${local.partition}:sns:${local.region}:${local.account_id}:${var.name}-notifications" } }
    },
  ]
}
