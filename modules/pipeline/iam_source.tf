# What the pipeline may read of its source.

locals {
  repository_arn = local.codecommit == null ? null : format(
    "arn:%s:codecommit:%s:%s:%s", local.partition, local.region, local.account_id, local.codecommit.repository_name
  )
  source_bucket_arn = local.s3 == null ? null : "arn:${local.partition}:s3:::${local.s3.bucket}"

  read_codecommit = local.codecommit == null ? [] : [{
    Sid    = "ReadRepository"
    Effect = "Allow"
    Action = [
      "codecommit:CancelUploadArchive",
      "codecommit:GetBranch",
      "codecommit:GetCommit",
      "codecommit:GetUploadArchiveStatus",
      "codecommit:UploadArchive",
    ]
    Resource = local.repository_arn
  }]
  read_s3 = local.s3 == null ? [] : [
    {
      Sid      = "ReadSourceBucket"
      Effect   = "Allow"
      Action   = ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"]
      Resource = local.source_bucket_arn
    },
    {
      Sid    = "ReadSourceObject"
      Effect = "Allow"
      Action = [
        "s3:GetObject",
        "s3:GetObjectTagging",
        "s3:GetObjectVersion",
        "s3:GetObjectVersionTagging",
      ]
      Resource = "${local.source_bucket_arn}/${local.s3.key}"
    },
  ]
}

resource "aws_iam_role_policy" "source" {
  name = "source"
  role = aws_iam_role.pipeline.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.read_codecommit, local.read_s3)
  })
}
