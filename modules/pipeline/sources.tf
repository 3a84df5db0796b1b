# All that is particular to a kind of source. A new kind is an attribute of `source_stage`, with its
# validations, and an entry of `local.sources`.

variable "source_stage" {
  description = <<-EOT
    Where the application comes from: exactly one of `codecommit`, a repository and the branch whose pushes start the
    pipeline, and `s3`, a .zip object whose new versions do. The object's bucket must have versioning and EventBridge
    notifications turned on, which no plan can see, and the object must not be encrypted with a customer managed key:
    the pipeline may decrypt artifacts alone.
  EOT
  type = object({
    codecommit = optional(object({
      repository_name = string
      branch          = optional(string, "main")
    }))
    s3 = optional(object({
      bucket = string
      key    = string
    }))
  })
  nullable = false

  validation {
    condition     = length([for source in values(var.source_stage) : source if source != null]) == 1
    error_message = "source_stage must have exactly one of codecommit and s3."
  }

  validation {
    condition = var.source_stage.codecommit == null ? true : (
      can(regex("^[A-Za-z0-9._-]{1,100}$", var.source_stage.codecommit.repository_name)) &&
      !endswith(var.source_stage.codecommit.repository_name, ".git")
    )
    error_message = "source_stage.codecommit.repository_name must be the name of a repository, not its ARN or address: 1 to 100 letters, digits and . _ -, not ending in .git."
  }

  validation {
    condition = var.source_stage.codecommit == null ? true : (
      can(regex("^[!-~]{1,256}$", var.source_stage.codecommit.branch)) &&
      !can(regex("^refs/|^[-/]|[~^:?*\\[\\\\]|\\.\\.|[/.]$", var.source_stage.codecommit.branch))
    )
    error_message = "source_stage.codecommit.branch must be the name of one branch, such as main: without refs/heads/ before it, and without wildcards."
  }

  validation {
    condition     = var.source_stage.s3 == null ? true : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.source_stage.s3.bucket))
    error_message = "source_stage.s3.bucket must be the name of a bucket, not its ARN or address: 3 to 63 lower-case letters, digits, dots and hyphens."
  }

  validation {
    condition = var.source_stage.s3 == null ? true : (
      can(regex("^[A-Za-z0-9!_.'()-][A-Za-z0-9!_.'()/-]*\\.zip$", var.source_stage.s3.key)) &&
      length(var.source_stage.s3.key) <= 1000
    )
    error_message = "source_stage.s3.key must be the key of a .zip object, such as releases/application.zip: without / at its beginning, of letters, digits and ! _ . ' ( ) / -, at most 1,000 characters."
  }
}

# One entry for each kind of source; the rest of the module reads `local.source` alone:
#
# provider          provider of the source action, version 1, owned by AWS
# configuration     configuration of the source action; PollForSourceChanges is true when it is left
#                   out, and every change would start the pipeline twice
# revision          output variable of the source action that says which revision it fetched
# event_pattern     EventBridge pattern of the events that start the pipeline
# statements        IAM statements with which the pipeline fetches the source
# artifact_actions  IAM actions on the artifact's object that this source takes besides the usual ones
# clone_url         address to push to; null when there is none
locals {
  sources = {
    codecommit = var.source_stage.codecommit == null ? null : {
      provider = "CodeCommit"
      configuration = {
        RepositoryName       = var.source_stage.codecommit.repository_name
        BranchName           = var.source_stage.codecommit.branch
        PollForSourceChanges = "false"
      }
      revision = "CommitId"
      event_pattern = {
        source      = ["aws.codecommit"]
        detail-type = ["CodeCommit Repository State Change"]
        resources   = [local.repository_arn]
        detail = {
          event         = ["referenceCreated", "referenceUpdated"]
          referenceType = ["branch"]
          referenceName = [var.source_stage.codecommit.branch]
        }
      }
      statements = [{
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
      artifact_actions = []
      clone_url = format(
        "https://git-codecommit.%s.%s/v1/repos/%s",
        local.region, local.dns_suffix, var.source_stage.codecommit.repository_name
      )
    }

    s3 = var.source_stage.s3 == null ? null : {
      provider = "S3"
      configuration = {
        S3Bucket             = var.source_stage.s3.bucket
        S3ObjectKey          = var.source_stage.s3.key
        PollForSourceChanges = "false"
      }
      revision = "VersionId"
      event_pattern = {
        source      = ["aws.s3"]
        detail-type = ["Object Created"]
        detail = {
          bucket = { name = [var.source_stage.s3.bucket] }
          object = { key = [var.source_stage.s3.key] }
        }
      }
      statements = [
        {
          Sid      = "ReadSourceBucketSettings"
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
          Resource = "${local.source_bucket_arn}/${var.source_stage.s3.key}"
        },
      ]
      # CodePipeline copies the object's tags to the artifact.
      artifact_actions = ["s3:GetObjectTagging", "s3:GetObjectVersionTagging", "s3:PutObjectTagging"]
      clone_url        = null
    }
  }

  source = one([for source in local.sources : source if source != null])

  repository_arn = var.source_stage.codecommit == null ? null : format(
    "arn:%s:codecommit:%s:%s:%s",
    local.partition, local.region, local.account_id, var.source_stage.codecommit.repository_name
  )
  source_bucket_arn = var.source_stage.s3 == null ? null : "arn:${local.partition}:s3:::${var.source_stage.s3.bucket}"
}
