# The root module: what its modules pass to each other.

mock_provider "aws" {
  source = "./tests/terraform/mocks"
}

variables {
  name         = "shop"
  vpc_id       = "vpc-0123456789abcdef0"
  subnet_ids   = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  source_stage = { codecommit = { repository_name = "shop" } }
  load_balancer = {
    target_group_arns = ["arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/storefront/0123456789abcdef"]
    security_group_id = "sg-0123456789abcdef1"
  }
  deployment = { config_name = "CodeDeployDefault.OneAtATime", alarm_names = ["errors"] }
  tags       = { team = "web" }
}

run "names_are_known_at_plan_time" {
  command = plan

  assert {
    condition = (
      output.pipeline_name == "shop" &&
      output.application_name == "shop" &&
      output.deployment_group_name == "shop" &&
      output.auto_scaling_group_name == "shop" &&
      output.launch_template_name == "shop" &&
      output.function_name == "shop-baker" &&
      output.log_group_name == "/aws/lambda/shop-baker" &&
      output.instance_role_name == "shop-instance" &&
      output.artifact_bucket_name == "shop-123456789012-eu-west-1" &&
      output.repository_clone_url == "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop" &&
      output.pipeline_console_url == "https://console.aws.amazon.com/codesuite/codepipeline/pipelines/shop/view?region=eu-west-1"
    )
    error_message = "All names must be derived from the name."
  }
}

run "codedeploy_gets_target_groups_by_name" {
  command = plan

  assert {
    condition     = local.target_group_names == tolist(["storefront"])
    error_message = "The names must be those in the ARNs."
  }
}

run "outputs_are_what_aws_returned" {
  assert {
    condition = (
      output.launch_template_id == "lt-0123456789abcdef0" &&
      output.security_group_id == "sg-0123456789abcdef0" &&
      alltrue([
        for arn in [
          output.pipeline_arn, output.pipeline_role_arn, output.deployment_role_arn, output.function_arn,
          output.function_role_arn, output.auto_scaling_group_arn, output.instance_role_arn,
        ] : startswith(arn, "arn:")
      ])
    )
    error_message = "IDs and ARNs must be those that AWS returned."
  }
}

run "without_a_load_balancer" {
  command = plan
  variables { load_balancer = null }

  assert {
    condition     = output.auto_scaling_group_name == "shop"
    error_message = "A load balancer must be optional."
  }
}

run "with_a_source_in_s3_and_a_build" {
  command = plan
  variables {
    source_stage = { s3 = { bucket = "releases", key = "shop.zip" } }
    build        = { project_name = "shop-build", service_role_arn = "arn:aws:iam::123456789012:role/build" }
  }

  assert {
    condition     = output.repository_clone_url == null
    error_message = "A source in S3 must have no clone URL."
  }
}

run "an_existing_key_encrypts_everything" {
  variables {
    encryption = { kms_key_arn = "arn:aws:kms:eu-west-1:999999999999:key/mrk-0123456789abcdef0123456789abcdef" }
  }

  assert {
    condition     = length(module.key) == 0 && output.kms_key_arn == "arn:aws:kms:eu-west-1:999999999999:key/mrk-0123456789abcdef0123456789abcdef"
    error_message = "No other key must be created."
  }
}

run "a_key_can_be_made" {
  variables {
    encryption = { create_kms_key = true }
  }

  assert {
    condition     = output.kms_key_arn == module.key[0].arn
    error_message = "The key must be the one that was created."
  }
}

run "a_new_key_may_be_unknown_at_plan_time" {
  command = plan
  variables {
    encryption = { create_kms_key = true }
  }

  assert {
    condition     = length(module.key) == 1
    error_message = "A plan must be possible before the key exists."
  }
}

# Values that the root module rejects

run "name_with_an_underscore" {
  command = plan
  variables { name = "shop_1" }
  expect_failures = [var.name]
}

run "role_path_and_boundary_that_are_not_iams" {
  command = plan
  variables {
    role_path                = "platform"
    permissions_boundary_arn = "boundary"
  }
  expect_failures = [var.role_path, var.permissions_boundary_arn]
}

run "tags_of_the_images" {
  command = plan
  variables { tags = { "asg-ami-pipeline:pipeline" = "other" } }
  expect_failures = [var.tags]
}

run "tags_with_a_line_break" {
  command = plan
  variables { tags = { team = "web\nshop" } }
  expect_failures = [var.tags]
}

run "too_many_tags" {
  command = plan
  variables { tags = { for number in range(41) : "tag${number}" => "x" } }
  expect_failures = [var.tags]
}

run "two_keys" {
  command = plan
  variables {
    encryption = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555", create_kms_key = true }
  }
  expect_failures = [var.encryption]
}

run "no_key" {
  command = plan
  variables { encryption = {} }
  expect_failures = [var.encryption]
}
