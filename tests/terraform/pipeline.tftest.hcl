mock_provider "aws" {
  source = "./tests/terraform/mocks"
}

variables {
  name         = "shop"
  source_stage = { codecommit = { repository_name = "shop-application", branch = "release" } }
  codedeploy   = { application_name = "shop-application", deployment_group_name = "shop-group" }
  automation   = { function_name = "shop-baker" }

  artifact_reader_arns = ["arn:aws:iam::123456789012:role/shop-instance"]

  tags = { team = "web" }
}

run "three_stages_without_polling" {
  command = plan
  module { source = "./modules/pipeline" }

  assert {
    condition     = aws_codepipeline.pipeline.name == "shop" && aws_codepipeline.pipeline.pipeline_type == "V2" && aws_codepipeline.pipeline.execution_mode == "SUPERSEDED"
    error_message = "The pipeline must be of type V2 and in CodePipeline's default mode."
  }
  assert {
    condition     = [for stage in aws_codepipeline.pipeline.stage : "${stage.name}: ${join(", ", stage.action[*].name)}"] == ["Source: Source", "Deploy: Deploy", "Automation: Automation"]
    error_message = "The stages must be Source, Deploy and Automation."
  }
  assert {
    condition = (
      aws_codepipeline.pipeline.stage[0].action[0].provider == "CodeCommit" &&
      aws_codepipeline.pipeline.stage[0].action[0].namespace == "SourceVariables" &&
      aws_codepipeline.pipeline.stage[0].action[0].configuration == tomap({
        RepositoryName       = "shop-application"
        BranchName           = "release"
        PollForSourceChanges = "false"
      })
    )
    error_message = "The source must be the branch, and not polled."
  }
  assert {
    condition = (
      aws_codepipeline.pipeline.stage[1].action[0].provider == "CodeDeploy" &&
      aws_codepipeline.pipeline.stage[1].action[0].input_artifacts == tolist(["Source"]) &&
      aws_codepipeline.pipeline.stage[1].action[0].configuration == tomap({ ApplicationName = "shop-application", DeploymentGroupName = "shop-group" })
    )
    error_message = "The source must be deployed to the deployment group."
  }
}

run "the_function_gets_execution_and_revision" {
  command = plan
  module { source = "./modules/pipeline" }

  assert {
    condition = (
      aws_codepipeline.pipeline.stage[2].action[0].category == "Invoke" &&
      aws_codepipeline.pipeline.stage[2].action[0].provider == "Lambda" &&
      aws_codepipeline.pipeline.stage[2].action[0].namespace == "AutomationVariables" &&
      aws_codepipeline.pipeline.stage[2].action[0].configuration.FunctionName == "shop-baker" &&
      jsondecode(aws_codepipeline.pipeline.stage[2].action[0].configuration.UserParameters) == {
        execution = "#{codepipeline.PipelineExecutionId}"
        revision  = "#{SourceVariables.CommitId}"
      }
    )
    error_message = "The function must get the execution and the commit."
  }
}

run "a_custom_function_gets_its_own_parameters" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { automation = { function_name = "own", user_parameters = { color = "blue" } } }

  assert {
    condition     = jsondecode(aws_codepipeline.pipeline.stage[2].action[0].configuration.UserParameters).color == "blue"
    error_message = "The function must get the user's own parameters."
  }
}

run "a_push_to_the_branch_starts_it_and_nothing_else" {
  command = plan
  module { source = "./modules/pipeline" }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.start.event_pattern) == {
      source      = ["aws.codecommit"]
      detail-type = ["CodeCommit Repository State Change"]
      resources   = ["arn:aws:codecommit:eu-west-1:123456789012:shop-application"]
      detail = {
        event         = ["referenceCreated", "referenceUpdated"]
        referenceType = ["branch"]
        referenceName = ["release"]
      }
    }
    error_message = "The rule must match only pushes to this branch of this repository."
  }
}

run "the_rule_starts_the_pipeline" {
  module { source = "./modules/pipeline" }

  assert {
    condition = (
      aws_cloudwatch_event_target.start.rule == aws_cloudwatch_event_rule.start.name &&
      aws_cloudwatch_event_target.start.arn == aws_codepipeline.pipeline.arn &&
      aws_cloudwatch_event_target.start.role_arn == aws_iam_role.start.arn
    )
    error_message = "The rule's target must be the pipeline."
  }
}

run "the_build_output_is_deployed" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { build = { project_name = "shop-build", service_role_arn = "arn:aws:iam::123456789012:role/build" } }

  assert {
    condition     = [for stage in aws_codepipeline.pipeline.stage : stage.name] == ["Source", "Build", "Deploy", "Automation"]
    error_message = "Build must sit between Source and Deploy."
  }
  assert {
    condition = (
      aws_codepipeline.pipeline.stage[1].action[0].configuration == tomap({ ProjectName = "shop-build" }) &&
      aws_codepipeline.pipeline.stage[1].action[0].input_artifacts == tolist(["Source"]) &&
      aws_codepipeline.pipeline.stage[1].action[0].output_artifacts == aws_codepipeline.pipeline.stage[2].action[0].input_artifacts
    )
    error_message = "The build's artifact must be what is deployed."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.build[0].policy).Statement == [{
      Sid      = "Build"
      Effect   = "Allow"
      Action   = ["codebuild:BatchGetBuilds", "codebuild:StartBuild"]
      Resource = "arn:aws:codebuild:eu-west-1:123456789012:project/shop-build"
    }]
    error_message = "The Build stage must be limited to its own project."
  }
}

run "an_object_in_s3_as_the_source" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { source_stage = { s3 = { bucket = "releases", key = "shop/application.zip" } } }

  assert {
    condition = (
      aws_codepipeline.pipeline.stage[0].action[0].provider == "S3" &&
      aws_codepipeline.pipeline.stage[0].action[0].configuration == tomap({
        S3Bucket             = "releases"
        S3ObjectKey          = "shop/application.zip"
        PollForSourceChanges = "false"
      })
    )
    error_message = "The source must be the object, and not polled."
  }
  assert {
    condition     = jsondecode(aws_codepipeline.pipeline.stage[2].action[0].configuration.UserParameters).revision == "#{SourceVariables.VersionId}"
    error_message = "The revision of an S3 object is its version."
  }
  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.start.event_pattern) == {
      source      = ["aws.s3"]
      detail-type = ["Object Created"]
      detail      = { bucket = { name = ["releases"] }, object = { key = ["shop/application.zip"] } }
    }
    error_message = "The rule must match only new versions of this object."
  }
  assert {
    condition     = contains(jsondecode(aws_iam_role_policy.artifacts.policy).Statement[1].Action, "s3:PutObjectTagging")
    error_message = "CodePipeline copies the tags of an S3 object to the artifact."
  }
  assert {
    condition     = output.repository_clone_url == null
    error_message = "A source in S3 must have no clone URL."
  }
}

run "the_artifact_bucket_is_private_and_expires" {
  command = plan
  module { source = "./modules/pipeline" }

  assert {
    condition     = output.artifact_bucket_name == "shop-123456789012-eu-west-1" && aws_s3_bucket.artifacts.force_destroy
    error_message = "The bucket's name must be known at plan time, and the bucket must be deleted with the pipeline."
  }
  assert {
    condition = (
      aws_s3_bucket_public_access_block.artifacts.block_public_acls && aws_s3_bucket_public_access_block.artifacts.block_public_policy &&
      aws_s3_bucket_public_access_block.artifacts.ignore_public_acls && aws_s3_bucket_public_access_block.artifacts.restrict_public_buckets
    )
    error_message = "The bucket must block all public access."
  }
  assert {
    condition = (
      one(aws_s3_bucket_server_side_encryption_configuration.artifacts.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256" &&
      aws_s3_bucket_versioning.artifacts.versioning_configuration[0].status == "Enabled"
    )
    error_message = "The bucket must be encrypted and versioned."
  }
  assert {
    condition = (
      aws_s3_bucket_lifecycle_configuration.artifacts.rule[0].status == "Enabled" &&
      aws_s3_bucket_lifecycle_configuration.artifacts.rule[0].expiration[0].days == 365 &&
      aws_s3_bucket_lifecycle_configuration.artifacts.rule[0].noncurrent_version_expiration[0].noncurrent_days == 7
    )
    error_message = "Artifacts must expire after a year and be deleted a week later."
  }
}

run "roles_have_path_and_permissions_boundary" {
  command = plan
  module { source = "./modules/pipeline" }
  variables {
    role_path                = "/platform/web/"
    permissions_boundary_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
  }

  assert {
    condition     = alltrue([for role in [aws_iam_role.pipeline, aws_iam_role.start] : role.path == "/platform/web/" && role.permissions_boundary == "arn:aws:iam::aws:policy/PowerUserAccess"])
    error_message = "Every role must have the path and the permissions boundary."
  }
}

run "a_key_encrypts_artifacts_and_notifications" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { encryption = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555" } }

  assert {
    condition = (
      one(aws_s3_bucket_server_side_encryption_configuration.artifacts.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" &&
      one(aws_s3_bucket_server_side_encryption_configuration.artifacts.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == var.encryption.kms_key_arn &&
      one(aws_codepipeline.pipeline.artifact_store).encryption_key[0].id == var.encryption.kms_key_arn &&
      aws_sns_topic.notifications.kms_master_key_id == var.encryption.kms_key_arn
    )
    error_message = "The key must be that of the bucket, the artifact store and the topic."
  }
}

run "failed_executions_are_published" {
  module { source = "./modules/pipeline" }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.failed.event_pattern) == {
      source      = ["aws.codepipeline"]
      detail-type = ["CodePipeline Pipeline Execution State Change"]
      detail      = { pipeline = ["shop"], state = ["FAILED"] }
    }
    error_message = "The rule must match executions of this pipeline that fail, and no others."
  }
  assert {
    condition     = aws_cloudwatch_event_target.failed.rule == aws_cloudwatch_event_rule.failed.name && aws_cloudwatch_event_target.failed.arn == output.notification_topic_arn
    error_message = "The topic must receive failed executions."
  }
}

run "artifacts_can_be_kept_forever" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { artifact_expiration_days = null }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.artifacts.rule[0].expiration) == 0
    error_message = "Without a number of days current artifacts must not expire."
  }
}

run "tags_and_outputs" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { execution_mode = "QUEUED" }

  assert {
    condition = alltrue([
      for resource in [aws_codepipeline.pipeline, aws_s3_bucket.artifacts, aws_cloudwatch_event_rule.start, aws_iam_role.pipeline, aws_iam_role.start] :
      resource.tags == tomap({ team = "web" })
    ])
    error_message = "Every resource of the module must have the tags."
  }
  assert {
    condition     = output.repository_clone_url == "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop-application"
    error_message = "The clone URL must be the repository's."
  }
  assert {
    condition     = output.console_url == "https://console.aws.amazon.com/codesuite/codepipeline/pipelines/shop/view?region=eu-west-1"
    error_message = "The console URL must be the pipeline's."
  }
  assert {
    condition     = aws_codepipeline.pipeline.execution_mode == "QUEUED"
    error_message = "The execution mode must be the one that was asked for."
  }
}

# Values that are rejected

run "name_of_one_character" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { name = "s" }
  expect_failures = [var.name]
}

run "no_source" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { source_stage = {} }
  expect_failures = [var.source_stage]
}

run "two_sources" {
  command = plan
  module { source = "./modules/pipeline" }
  variables {
    source_stage = {
      codecommit = { repository_name = "shop" }
      s3         = { bucket = "releases", key = "shop.zip" }
    }
  }
  expect_failures = [var.source_stage]
}

run "repository_by_address" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { source_stage = { codecommit = { repository_name = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop" } } }
  expect_failures = [var.source_stage]
}

run "repository_ending_in_git" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { source_stage = { codecommit = { repository_name = "shop.git" } } }
  expect_failures = [var.source_stage]
}

run "branch_as_a_reference" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { source_stage = { codecommit = { repository_name = "shop", branch = "refs/heads/main" } } }
  expect_failures = [var.source_stage]
}

run "any_branch" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { source_stage = { codecommit = { repository_name = "shop", branch = "release/*" } } }
  expect_failures = [var.source_stage]
}

run "branch_with_a_space" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { source_stage = { codecommit = { repository_name = "shop", branch = "the main one" } } }
  expect_failures = [var.source_stage]
}

run "source_bucket_by_address" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { source_stage = { s3 = { bucket = "s3://releases", key = "shop.zip" } } }
  expect_failures = [var.source_stage]
}

run "source_object_that_is_not_a_zip" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { source_stage = { s3 = { bucket = "releases", key = "shop.tar.gz" } } }
  expect_failures = [var.source_stage]
}

run "source_object_that_begins_with_a_slash" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { source_stage = { s3 = { bucket = "releases", key = "/shop.zip" } } }
  expect_failures = [var.source_stage]
}

run "any_source_object" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { source_stage = { s3 = { bucket = "releases", key = "*.zip" } } }
  expect_failures = [var.source_stage]
}

run "source_object_with_a_long_key" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { source_stage = { s3 = { bucket = "releases", key = "${join("", [for character in range(997) : "k"])}.zip" } } }
  expect_failures = [var.source_stage]
}

run "build_project_by_arn" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { build = { project_name = "arn:aws:codebuild:eu-west-1:123456789012:project/shop", service_role_arn = "arn:aws:iam::123456789012:role/build" } }
  expect_failures = [var.build]
}

run "any_deployment_group" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { codedeploy = { application_name = "shop", deployment_group_name = "*" } }
  expect_failures = [var.codedeploy]
}

run "function_by_arn" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { automation = { function_name = "arn:aws:lambda:eu-west-1:123456789012:function:shop-baker" } }
  expect_failures = [var.automation]
}

run "user_parameters_that_are_too_long" {
  command = plan
  module { source = "./modules/pipeline" }
  variables {
    automation = { function_name = "own", user_parameters = { note = join("", [for character in range(900) : "x"]) } }
  }
  expect_failures = [aws_codepipeline.pipeline]
}

run "parallel_executions" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { execution_mode = "PARALLEL" }
  expect_failures = [var.execution_mode]
}

run "artifacts_for_a_week" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { artifact_expiration_days = 7 }
  expect_failures = [var.artifact_expiration_days]
}

run "artifacts_for_half_a_day" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { artifact_expiration_days = 30.5 }
  expect_failures = [var.artifact_expiration_days]
}

run "tags_of_aws" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { tags = { "aws:team" = "web" } }
  expect_failures = [var.tags]
}

run "tags_with_a_line_break" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { tags = { team = "web\nshop" } }
  expect_failures = [var.tags]
}

run "too_many_tags" {
  command = plan
  module { source = "./modules/pipeline" }
  variables { tags = { for number in range(41) : "tag${number}" => "x" } }
  expect_failures = [var.tags]
}
