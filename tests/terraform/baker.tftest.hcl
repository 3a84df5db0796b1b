mock_provider "aws" {
  source = "./tests/terraform/mocks"
}

variables {
  name                    = "shop"
  pipeline_name           = "shop-pipeline"
  codedeploy              = { application_name = "shop-application", deployment_group_name = "shop-group" }
  auto_scaling_group_name = "shop fleet"
  launch_template_id      = "lt-0123456789abcdef0"
  tags                    = { team = "web" }
}

run "the_function_is_what_the_zip_holds" {
  command = plan
  module { source = "./modules/baker" }

  assert {
    condition = (
      aws_lambda_function.baker.function_name == "shop-baker" &&
      aws_lambda_function.baker.handler == "baker.entry.handler" &&
      aws_lambda_function.baker.runtime == "python3.13" &&
      aws_lambda_function.baker.architectures == tolist(["arm64"]) &&
      aws_lambda_function.baker.source_code_hash == filebase64sha256("modules/baker/baker.zip")
    )
    error_message = "The function must be the one in the zip, on the runtime that it is written for."
  }
  assert {
    condition     = aws_lambda_function.baker.timeout == 120 && aws_lambda_function.baker.memory_size == 256
    error_message = "A step of a bake must have two minutes and enough memory for boto3."
  }
}

run "the_environment_has_the_settings" {
  command = plan
  module { source = "./modules/baker" }

  assert {
    condition = aws_lambda_function.baker.environment[0].variables == tomap({
      PIPELINE_NAME                    = "shop-pipeline"
      CODEDEPLOY_APPLICATION_NAME      = "shop-application"
      CODEDEPLOY_DEPLOYMENT_GROUP_NAME = "shop-group"
      AUTO_SCALING_GROUP_NAME          = "shop fleet"
      LAUNCH_TEMPLATE_ID               = "lt-0123456789abcdef0"
      IMAGE_TAGS                       = "{\"team\":\"web\"}"
      CAPTURE                          = "live"
      KEEP_IMAGES                      = "5"
      RETENTION_DRY_RUN                = "false"
    })
    error_message = "The environment must have exactly the settings that the function reads."
  }
}

run "capture_and_retention_reach_the_function" {
  command = plan
  module { source = "./modules/baker" }
  variables {
    capture   = "standby"
    retention = { keep = 2, dry_run = true }
  }

  assert {
    condition = (
      aws_lambda_function.baker.environment[0].variables.CAPTURE == "standby" &&
      aws_lambda_function.baker.environment[0].variables.KEEP_IMAGES == "2" &&
      aws_lambda_function.baker.environment[0].variables.RETENTION_DRY_RUN == "true"
    )
    error_message = "The settings must reach the function."
  }
}

run "a_schedule_returns_instances_from_standby" {
  variables { capture = "standby" }
  module { source = "./modules/baker" }

  assert {
    condition = (
      aws_cloudwatch_event_rule.return_to_service[0].schedule_expression == "rate(5 minutes)" &&
      aws_cloudwatch_event_target.return_to_service[0].arn == aws_lambda_function.baker.arn &&
      aws_cloudwatch_event_target.return_to_service[0].input == "{\"return_to_service\":{}}" &&
      aws_lambda_permission.return_to_service[0].principal == "events.amazonaws.com" &&
      aws_lambda_permission.return_to_service[0].source_arn == aws_cloudwatch_event_rule.return_to_service[0].arn
    )
    error_message = "The rule, and nothing else, must invoke the function to return instances to service."
  }
}

run "live_capture_has_no_permissions_for_standby" {
  command = plan
  module { source = "./modules/baker" }

  assert {
    condition     = length(aws_iam_role_policy.standby) + length(aws_cloudwatch_event_rule.return_to_service) + length(aws_lambda_permission.return_to_service) == 0
    error_message = "Without standby there must be no permissions for it and no schedule."
  }
}

run "images_are_kept_on_destroy" {
  command = plan
  module { source = "./modules/baker" }

  assert {
    condition = (
      aws_lambda_invocation.destroy.lifecycle_scope == "CRUD" &&
      aws_lambda_invocation.destroy.input == "{\"delete_images_on_destroy\":false}" &&
      strcontains(terraform_data.left_behind.input, "asg-ami-pipeline:pipeline=shop-pipeline are kept")
    )
    error_message = "Images must be kept by default, and a destroy must say so."
  }
}

run "images_are_deleted_on_destroy_if_asked_for" {
  command = plan
  module { source = "./modules/baker" }
  variables { delete_images_on_destroy = true }

  assert {
    condition = (
      aws_lambda_invocation.destroy.input == "{\"delete_images_on_destroy\":true}" &&
      strcontains(terraform_data.left_behind.input, "are deleted")
    )
    error_message = "The function must be told to delete the images."
  }
}

run "lambda_does_not_retry" {
  command = plan
  module { source = "./modules/baker" }

  assert {
    condition = (
      aws_lambda_function_event_invoke_config.baker.function_name == "shop-baker" &&
      aws_lambda_function_event_invoke_config.baker.maximum_retry_attempts == 0 &&
      aws_lambda_function_event_invoke_config.baker.maximum_event_age_in_seconds == 1200
    )
    error_message = "Lambda must not retry, nor run events older than CodePipeline's time limit: CodePipeline drives the bake."
  }
}

run "logs_are_json_and_kept_for_a_month" {
  command = plan
  module { source = "./modules/baker" }

  assert {
    condition = (
      aws_lambda_function.baker.logging_config[0].log_format == "JSON" &&
      aws_lambda_function.baker.logging_config[0].log_group == "/aws/lambda/shop-baker" &&
      aws_cloudwatch_log_group.baker.name == "/aws/lambda/shop-baker" &&
      aws_cloudwatch_log_group.baker.retention_in_days == 30
    )
    error_message = "The function must log JSON to a group that expires."
  }
}

run "tags_reach_everything" {
  command = plan
  module { source = "./modules/baker" }

  assert {
    condition     = alltrue([for resource in [aws_lambda_function.baker, aws_iam_role.baker, aws_cloudwatch_log_group.baker] : resource.tags == tomap({ team = "web" })])
    error_message = "Every resource of the module must have the tags."
  }
}

run "roles_have_path_and_permissions_boundary" {
  command = plan
  module { source = "./modules/baker" }
  variables {
    role_path                = "/platform/web/"
    permissions_boundary_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
  }

  assert {
    condition     = alltrue([for role in [aws_iam_role.baker] : role.path == "/platform/web/" && role.permissions_boundary == "arn:aws:iam::aws:policy/PowerUserAccess"])
    error_message = "Every role must have the path and the permissions boundary."
  }
}

run "a_key_encrypts_the_log" {
  command = plan
  module { source = "./modules/baker" }
  variables { encryption = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555" } }

  assert {
    condition     = aws_cloudwatch_log_group.baker.kms_key_id == var.encryption.kms_key_arn
    error_message = "The log group must have the key."
  }
}

run "a_group_name_of_255_characters" {
  command = plan
  module { source = "./modules/baker" }
  variables { auto_scaling_group_name = join("", [for number in range(255) : "g"]) }

  assert {
    condition     = length(aws_lambda_function.baker.environment[0].variables.AUTO_SCALING_GROUP_NAME) == 255
    error_message = "The longest possible name of a group must be accepted."
  }
}

# Values that are rejected

run "name_that_ends_with_a_hyphen" {
  command = plan
  module { source = "./modules/baker" }
  variables { name = "shop-" }
  expect_failures = [var.name]
}

run "pipeline_by_arn" {
  command = plan
  module { source = "./modules/baker" }
  variables { pipeline_name = "arn:aws:codepipeline:eu-west-1:123456789012:shop" }
  expect_failures = [var.pipeline_name]
}

run "any_pipeline" {
  command = plan
  module { source = "./modules/baker" }
  variables { pipeline_name = "*" }
  expect_failures = [var.pipeline_name]
}

run "any_application" {
  command = plan
  module { source = "./modules/baker" }
  variables { codedeploy = { application_name = "*", deployment_group_name = "shop" } }
  expect_failures = [var.codedeploy]
}

run "deployment_group_with_a_slash" {
  command = plan
  module { source = "./modules/baker" }
  variables { codedeploy = { application_name = "shop", deployment_group_name = "shop/other" } }
  expect_failures = [var.codedeploy]
}

run "group_name_with_a_policy_variable" {
  command = plan
  module { source = "./modules/baker" }
  variables { auto_scaling_group_name = "$${aws:username}" }
  expect_failures = [var.auto_scaling_group_name]
}

run "group_name_of_256_characters" {
  command = plan
  module { source = "./modules/baker" }
  variables { auto_scaling_group_name = join("", [for number in range(256) : "g"]) }
  expect_failures = [var.auto_scaling_group_name]
}

run "launch_template_by_name" {
  command = plan
  module { source = "./modules/baker" }
  variables { launch_template_id = "shop" }
  expect_failures = [var.launch_template_id]
}

run "any_launch_template" {
  command = plan
  module { source = "./modules/baker" }
  variables { launch_template_id = "lt-*" }
  expect_failures = [var.launch_template_id]
}

run "capture_of_another_kind" {
  command = plan
  module { source = "./modules/baker" }
  variables { capture = "reboot" }
  expect_failures = [var.capture]
}

run "retention_of_nothing" {
  command = plan
  module { source = "./modules/baker" }
  variables { retention = { keep = 0 } }
  expect_failures = [var.retention]
}

run "retention_of_half_an_image" {
  command = plan
  module { source = "./modules/baker" }
  variables { retention = { keep = 2.5 } }
  expect_failures = [var.retention]
}

run "log_retention_that_cloudwatch_logs_does_not_support" {
  command = plan
  module { source = "./modules/baker" }
  variables { log_retention_days = 31 }
  expect_failures = [var.log_retention_days]
}

run "tags_of_the_images" {
  command = plan
  module { source = "./modules/baker" }
  variables { tags = { "asg-ami-pipeline:revision" = "mine" } }
  expect_failures = [var.tags]
}

run "tags_with_a_line_break" {
  command = plan
  module { source = "./modules/baker" }
  variables { tags = { team = "web\nshop" } }
  expect_failures = [var.tags]
}

run "too_many_tags" {
  command = plan
  module { source = "./modules/baker" }
  variables { tags = { for number in range(41) : "tag${number}" => "x" } }
  expect_failures = [var.tags]
}

run "tags_that_do_not_fit_into_the_environment" {
  command = plan
  module { source = "./modules/baker" }
  variables { tags = { for number in range(20) : "tag${number}" => join("", [for character in range(200) : "x"]) } }
  expect_failures = [aws_lambda_function.baker]
}
