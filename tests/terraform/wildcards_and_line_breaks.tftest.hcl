# Wildcards and line breaks are rejected in every input that is used in a policy.

mock_provider "aws" {
  source = "./tests/terraform/mocks"
}

variables {
  name                    = "shop"
  vpc_id                  = "vpc-0123456789abcdef0"
  subnet_ids              = ["subnet-0123456789abcdef0"]
  artifact_bucket_name    = "shop-artifacts"
  pipeline_name           = "shop"
  codedeploy              = { application_name = "shop", deployment_group_name = "shop" }
  auto_scaling_group_name = "shop"
  launch_template_id      = "lt-0123456789abcdef0"
  source_stage            = { codecommit = { repository_name = "shop" } }
  automation              = { function_name = "shop-baker" }
  artifact_reader_arns    = ["arn:aws:iam::123456789012:role/shop-instance"]
}

run "fleet_with_a_wildcard" {
  command = plan
  module { source = "./modules/fleet" }
  variables {
    name                     = "shop*"
    role_path                = "/shop*/"
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/shop*"
    encryption               = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1111*" }
    artifact_bucket_name     = "shop*artifacts"
  }
  expect_failures = [var.name, var.role_path, var.permissions_boundary_arn, var.encryption, var.artifact_bucket_name]
}

run "deployment_with_a_wildcard" {
  command = plan
  module { source = "./modules/deployment" }
  variables {
    name                     = "shop*"
    role_path                = "/shop*/"
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/shop*"
    auto_scaling_group_name  = "shop*"
    target_group_names       = ["shop*"]
    alarm_names              = ["shop*"]
    config_name              = "OneAtATime*"
  }
  expect_failures = [var.name, var.role_path, var.permissions_boundary_arn, var.auto_scaling_group_name, var.target_group_names, var.alarm_names, var.config_name]
}

run "baker_with_a_wildcard" {
  command = plan
  module { source = "./modules/baker" }
  variables {
    name                     = "shop*"
    role_path                = "/shop*/"
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/shop*"
    encryption               = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1111*" }
    pipeline_name            = "shop*"
    codedeploy               = { application_name = "shop*", deployment_group_name = "shop" }
    auto_scaling_group_name  = "shop*"
    launch_template_id       = "lt-0123456789abcdef0*"
  }
  expect_failures = [var.name, var.role_path, var.permissions_boundary_arn, var.encryption, var.pipeline_name, var.codedeploy, var.auto_scaling_group_name, var.launch_template_id]
}

run "baker_deployment_group_with_a_wildcard" {
  command = plan
  module { source = "./modules/baker" }
  variables {
    codedeploy = { application_name = "shop", deployment_group_name = "shop*" }
  }
  expect_failures = [var.codedeploy]
}

run "pipeline_with_a_wildcard" {
  command = plan
  module { source = "./modules/pipeline" }
  variables {
    name                     = "shop*"
    role_path                = "/shop*/"
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/shop*"
    encryption               = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1111*" }
    source_stage             = { codecommit = { repository_name = "shop*" } }
    build                    = { project_name = "build*", service_role_arn = "arn:aws:iam::123456789012:role/build" }
    codedeploy               = { application_name = "shop*", deployment_group_name = "shop" }
    automation               = { function_name = "shop*" }
    artifact_reader_arns     = ["arn:aws:iam::123456789012:role/build*"]
  }
  expect_failures = [var.name, var.role_path, var.permissions_boundary_arn, var.encryption, var.source_stage, var.build, var.codedeploy, var.automation, var.artifact_reader_arns]
}

run "pipeline_branch_build_role_and_deployment_group_with_a_wildcard" {
  command = plan
  module { source = "./modules/pipeline" }
  variables {
    source_stage = { codecommit = { repository_name = "shop", branch = "main*" } }
    build        = { project_name = "build", service_role_arn = "arn:aws:iam::123456789012:role/build*" }
    codedeploy   = { application_name = "shop", deployment_group_name = "shop*" }
  }
  expect_failures = [var.source_stage, var.build, var.codedeploy]
}

run "pipeline_source_bucket_and_configuration_with_a_wildcard" {
  command = plan
  module { source = "./modules/pipeline" }
  variables {
    source_stage = { s3 = { bucket = "releases*", key = "shop.zip" } }
    codedeploy   = { application_name = "shop", deployment_group_name = "shop", config_name = "OneAtATime*" }
  }
  expect_failures = [var.source_stage, var.codedeploy]
}

run "pipeline_source_object_with_a_wildcard" {
  command = plan
  module { source = "./modules/pipeline" }
  variables {
    source_stage = { s3 = { bucket = "releases", key = "shop*.zip" } }
  }
  expect_failures = [var.source_stage]
}

run "key_with_a_wildcard" {
  command = plan
  module { source = "./modules/key" }
  variables {
    name            = "shop*"
    role_path       = "/shop*/"
    build_role_arns = ["arn:aws:iam::123456789012:role/build*"]
  }
  expect_failures = [var.name, var.role_path, var.build_role_arns]
}

run "fleet_with_a_line_break" {
  command = plan
  module { source = "./modules/fleet" }
  variables {
    name                     = "shop\n"
    role_path                = "/shop\n/"
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/shop\n"
    encryption               = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1111\n" }
    artifact_bucket_name     = "shop\nartifacts"
  }
  expect_failures = [var.name, var.role_path, var.permissions_boundary_arn, var.encryption, var.artifact_bucket_name]
}

run "deployment_with_a_line_break" {
  command = plan
  module { source = "./modules/deployment" }
  variables {
    name                     = "shop\n"
    role_path                = "/shop\n/"
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/shop\n"
    auto_scaling_group_name  = "shop\n"
    target_group_names       = ["shop\n"]
    alarm_names              = ["shop\n"]
    config_name              = "OneAtATime\n"
  }
  expect_failures = [var.name, var.role_path, var.permissions_boundary_arn, var.auto_scaling_group_name, var.target_group_names, var.alarm_names, var.config_name]
}

run "baker_with_a_line_break" {
  command = plan
  module { source = "./modules/baker" }
  variables {
    name                     = "shop\n"
    role_path                = "/shop\n/"
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/shop\n"
    encryption               = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1111\n" }
    pipeline_name            = "shop\n"
    codedeploy               = { application_name = "shop\n", deployment_group_name = "shop" }
    auto_scaling_group_name  = "shop\n"
    launch_template_id       = "lt-0123456789abcdef0\n"
  }
  expect_failures = [var.name, var.role_path, var.permissions_boundary_arn, var.encryption, var.pipeline_name, var.codedeploy, var.auto_scaling_group_name, var.launch_template_id]
}

run "baker_deployment_group_with_a_line_break" {
  command = plan
  module { source = "./modules/baker" }
  variables {
    codedeploy = { application_name = "shop", deployment_group_name = "shop\n" }
  }
  expect_failures = [var.codedeploy]
}

run "pipeline_with_a_line_break" {
  command = plan
  module { source = "./modules/pipeline" }
  variables {
    name                     = "shop\n"
    role_path                = "/shop\n/"
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/shop\n"
    encryption               = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1111\n" }
    source_stage             = { codecommit = { repository_name = "shop\n" } }
    build                    = { project_name = "build\n", service_role_arn = "arn:aws:iam::123456789012:role/build" }
    codedeploy               = { application_name = "shop\n", deployment_group_name = "shop" }
    automation               = { function_name = "shop\n" }
    artifact_reader_arns     = ["arn:aws:iam::123456789012:role/build\n"]
  }
  expect_failures = [var.name, var.role_path, var.permissions_boundary_arn, var.encryption, var.source_stage, var.build, var.codedeploy, var.automation, var.artifact_reader_arns]
}

run "pipeline_branch_build_role_and_deployment_group_with_a_line_break" {
  command = plan
  module { source = "./modules/pipeline" }
  variables {
    source_stage = { codecommit = { repository_name = "shop", branch = "main\n" } }
    build        = { project_name = "build", service_role_arn = "arn:aws:iam::123456789012:role/build\n" }
    codedeploy   = { application_name = "shop", deployment_group_name = "shop\n" }
  }
  expect_failures = [var.source_stage, var.build, var.codedeploy]
}

run "pipeline_source_bucket_and_configuration_with_a_line_break" {
  command = plan
  module { source = "./modules/pipeline" }
  variables {
    source_stage = { s3 = { bucket = "releases\n", key = "shop.zip" } }
    codedeploy   = { application_name = "shop", deployment_group_name = "shop", config_name = "OneAtATime\n" }
  }
  expect_failures = [var.source_stage, var.codedeploy]
}

run "pipeline_source_object_with_a_line_break" {
  command = plan
  module { source = "./modules/pipeline" }
  variables {
    source_stage = { s3 = { bucket = "releases", key = "shop\n.zip" } }
  }
  expect_failures = [var.source_stage]
}

run "key_with_a_line_break" {
  command = plan
  module { source = "./modules/key" }
  variables {
    name            = "shop\n"
    role_path       = "/shop\n/"
    build_role_arns = ["arn:aws:iam::123456789012:role/build\n"]
  }
  expect_failures = [var.name, var.role_path, var.build_role_arns]
}
