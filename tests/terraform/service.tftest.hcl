# The root module: what its modules hand to each other.

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

run "names_are_known_before_anything_exists" {
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
    error_message = "Everything must be named from the name."
  }
}

run "codedeploy_gets_target_groups_by_name" {
  command = plan

  assert {
    condition     = local.target_group_names == tolist(["storefront"])
    error_message = "The names must be those in the ARNs."
  }
}

run "what_exists_is_put_out" {
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
    error_message = "Ids and ARNs must be what AWS gave."
  }
}

run "without_a_load_balancer" {
  command = plan
  variables { load_balancer = null }

  assert {
    condition     = output.auto_scaling_group_name == "shop"
    error_message = "A load balancer must not be needed."
  }
}

run "with_a_source_in_s3_and_a_build" {
  command = plan
  variables {
    source_stage = { s3 = { bucket = "releases", key = "shop.zip" } }
    build        = { project_name = "shop-build" }
  }

  assert {
    condition     = output.repository_clone_url == null
    error_message = "There is no repository to clone."
  }
}

# What is refused before any module sees it

run "name_with_an_underscore" {
  command = plan
  variables { name = "shop_1" }
  expect_failures = [var.name]
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

run "tags_without_end" {
  command = plan
  variables { tags = { for number in range(41) : "tag${number}" => "x" } }
  expect_failures = [var.tags]
}
