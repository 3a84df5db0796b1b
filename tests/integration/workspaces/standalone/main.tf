# A team that already has an Auto Scaling group (group.tf) and adds deployment, baker and pipeline to it, with
# a source in S3.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

locals {
  name       = "billing"
  group_name = join("-", ["billing", join("", [for _ in range(247) : "x"])])
}

resource "aws_s3_bucket" "releases" {
  bucket        = "billing-releases"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "releases" {
  bucket = aws_s3_bucket.releases.bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_notification" "releases" {
  bucket      = aws_s3_bucket.releases.bucket
  eventbridge = true
}

module "deployment" {
  source = "../../../../modules/deployment"

  name                    = local.name
  auto_scaling_group_name = aws_autoscaling_group.fleet.name
}

module "baker" {
  source = "../../../../modules/baker"

  name                    = local.name
  pipeline_name           = local.name
  codedeploy              = module.deployment
  auto_scaling_group_name = aws_autoscaling_group.fleet.name
  launch_template_id      = aws_launch_template.fleet.id
}

module "pipeline" {
  source = "../../../../modules/pipeline"

  name           = local.name
  codedeploy     = module.deployment
  automation     = { function_name = module.baker.function_name }
  execution_mode = "QUEUED"

  artifact_reader_arns = [aws_iam_role.instance.arn]

  source_stage = {
    s3 = { bucket = aws_s3_bucket.releases.bucket, key = "billing.zip" }
  }
}

output "service" {
  value = {
    pipeline_name           = module.pipeline.pipeline_name
    function_name           = module.baker.function_name
    function_role_arn       = module.baker.role_arn
    launch_template_id      = aws_launch_template.fleet.id
    auto_scaling_group_name = aws_autoscaling_group.fleet.name
    release_bucket          = aws_s3_bucket.releases.bucket
  }
}
