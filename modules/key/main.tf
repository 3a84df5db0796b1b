# A customer managed key for one pipeline. Its policy is in policy_*.tf, a file for each use.

resource "aws_kms_key" "pipeline" {
  description         = "Artifacts, logs, volumes, images and notifications of ${var.name}"
  enable_key_rotation = true
  tags                = var.tags

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.administration, local.artifacts, local.images, local.logs, local.notifications)
  })
}

resource "aws_kms_alias" "pipeline" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.pipeline.key_id
}
