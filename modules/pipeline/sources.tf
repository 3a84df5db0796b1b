# Everything that is specific to a kind of source. To add a kind, add an attribute to `source_stage`, with
# validations, and an entry to `local.sources`. The root module's variables.tf has a copy of the type.

variable "source_stage" {
  description = <<-EOT
    Source of the application. Set exactly one of `codecommit`, a repository and the branch (default `main`) whose
    pushes start the pipeline, and `s3`, a .zip object whose new versions start it. The object's bucket must have
    versioning and EventBridge notifications turned on, which a plan cannot check. If the object is encrypted with
    a customer managed KMS key, the pipeline's role also needs `kms:Decrypt` on that key: its own policies allow it
    to decrypt only artifacts.
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
    error_message = "source_stage must set exactly one of ${join(", ", keys(var.source_stage))}."
  }

  validation {
    condition = var.source_stage.codecommit == null ? true : (
      can(regex("^[A-Za-z0-9._-]{1,100}$", var.source_stage.codecommit.repository_name)) &&
      !endswith(var.source_stage.codecommit.repository_name, ".git")
    )
    error_message = "source_stage.codecommit.repository_name must be the name of a repository, not its ARN or URL: 1 to 100 letters, digits and . _ -, not ending in .git."
  }

  validation {
    condition = var.source_stage.codecommit == null ? true : (
      can(regex("^[!-~]{1,256}$", var.source_stage.codecommit.branch)) &&
      !can(regex("^refs/|^[-/]|[~^:?*\\[\\\\]|\\.\\.|[/.]$", var.source_stage.codecommit.branch))
    )
    error_message = "source_stage.codecommit.branch must be the name of one branch, such as main, without a refs/heads/ prefix and without wildcards."
  }

  validation {
    condition     = var.source_stage.s3 == null ? true : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.source_stage.s3.bucket))
    error_message = "source_stage.s3.bucket must be the name of a bucket, not its ARN or URL: 3 to 63 lowercase letters, digits, dots and hyphens."
  }

  validation {
    condition = var.source_stage.s3 == null ? true : (
      can(regex("^[A-Za-z0-9!_.'()-][A-Za-z0-9!_.'()/-]*\\.zip$", var.source_stage.s3.key)) &&
      length(var.source_stage.s3.key) <= 1000
    )
    error_message = "source_stage.s3.key must be the key of a .zip object, such as releases/application.zip: at most 1,000 letters, digits and ! _ . ' ( ) / -, not starting with a slash."
  }
}

# One entry for each kind of source; the rest of the module uses `local.source`, the one that is set.
#
# provider          the source action's provider (owner AWS, version 1)
# configuration     the source action's configuration, without polling (CodePipeline's default is to poll)
# revision          the source action's output variable that identifies the revision
# event_pattern     EventBridge pattern of the events that start the pipeline
# statements        IAM statements that allow the pipeline to fetch the source
# artifact_actions  IAM actions on artifacts that this source needs in addition to the usual ones
# clone_url         URL to push to; null if there is none
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
          Sid      = "ReadSourceObject"
          Effect   = "Allow"
          Action   = ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"]
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
