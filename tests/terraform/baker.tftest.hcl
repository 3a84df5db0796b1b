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
    error_message = "The function must be the packed one, on the runtime that it is written for."
  }
  assert {
    condition     = aws_lambda_function.baker.timeout == 120 && aws_lambda_function.baker.memory_size == 256
    error_message = "A step of a bake must have two minutes and enough memory for boto3."
  }
}

run "the_environment_says_what_to_bake" {
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
    error_message = "The environment must be exactly what the function reads."
  }
}

run "how_to_capture_and_what_to_keep" {
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

run "standby_looks_after_what_was_cut_off" {
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
    error_message = "The function must be asked, by this rule alone, to put instances back."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.standby[0].policy).Statement == [
      {
        Sid      = "TakeInstancesOutOfServiceAndBack"
        Effect   = "Allow"
        Action   = ["autoscaling:EnterStandby", "autoscaling:ExitStandby"]
        Resource = "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:*:autoScalingGroupName/shop fleet"
      },
      {
        Sid      = "MarkThem"
        Effect   = "Allow"
        Action   = ["ec2:CreateTags", "ec2:DeleteTags"]
        Resource = "arn:aws:ec2:eu-west-1:123456789012:instance/*"
        Condition = {
          StringEquals                = { "aws:ResourceTag/aws:autoscaling:groupName" = "shop fleet" }
          "ForAllValues:StringEquals" = { "aws:TagKeys" = "asg-ami-pipeline:standby" }
          Null                        = { "aws:TagKeys" = "false" }
        }
      },
    ]
    error_message = "standby: its own group, and one tag on its instances."
  }
}

run "a_live_capture_needs_no_standby" {
  command = plan
  module { source = "./modules/baker" }

  assert {
    condition     = length(aws_iam_role_policy.standby) + length(aws_cloudwatch_event_rule.return_to_service) + length(aws_lambda_permission.return_to_service) == 0
    error_message = "Without Standby there must be no right to it, and no schedule."
  }
}

run "images_stay_when_the_service_goes" {
  command = plan
  module { source = "./modules/baker" }

  assert {
    condition = (
      aws_lambda_invocation.destroy.lifecycle_scope == "CRUD" &&
      aws_lambda_invocation.destroy.input == "{\"delete_images_on_destroy\":false}" &&
      strcontains(terraform_data.left_behind.input, "asg-ami-pipeline:pipeline=shop-pipeline stay")
    )
    error_message = "Images must stay unless the user says otherwise, and a destroy must say so."
  }
}

run "images_go_with_the_service" {
  command = plan
  module { source = "./modules/baker" }
  variables { delete_images_on_destroy = true }

  assert {
    condition = (
      aws_lambda_invocation.destroy.input == "{\"delete_images_on_destroy\":true}" &&
      strcontains(terraform_data.left_behind.input, "are removed")
    )
    error_message = "The function must be told to remove the images."
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
    error_message = "CodePipeline drives the bake; Lambda must not try again, nor run what is older than CodePipeline's patience."
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
    error_message = "The function must log JSON to a group that does not keep it for ever."
  }
}

run "the_role_may_do_exactly_this" {
  command = plan
  module { source = "./modules/baker" }

  assert {
    condition = jsondecode(aws_iam_role_policy.logs.policy).Statement == [{
      Sid      = "WriteOwnLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/shop-baker:*"
    }]
    error_message = "logs: its own log group alone."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.pipeline.policy).Statement == [
      {
        Sid      = "FindDeployment"
        Effect   = "Allow"
        Action   = "codepipeline:ListActionExecutions"
        Resource = "arn:aws:codepipeline:eu-west-1:123456789012:shop-pipeline"
      },
      {
        Sid      = "AnswerJobs"
        Effect   = "Allow"
        Action   = ["codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"]
        Resource = "*"
      },
    ]
    error_message = "pipeline: read its own pipeline, answer its jobs."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.deployments.policy).Statement == [
      {
        Sid      = "ReadDeployments"
        Effect   = "Allow"
        Action   = ["codedeploy:BatchGetDeployments", "codedeploy:ListDeployments"]
        Resource = "arn:aws:codedeploy:eu-west-1:123456789012:deploymentgroup:shop-application/shop-group"
      },
      {
        Sid      = "ReadTargets"
        Effect   = "Allow"
        Action   = "codedeploy:ListDeploymentTargets"
        Resource = "*"
      },
    ]
    error_message = "deployments: read those of its own deployment group."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.reading.policy).Statement == [
      {
        Sid    = "DescribeFleetAndImages"
        Effect = "Allow"
        Action = [
          "autoscaling:DescribeAutoScalingGroups",
          "ec2:DescribeImageReferences",
          "ec2:DescribeImages",
          "ec2:DescribeInstances",
          "ec2:DescribeLaunchTemplateVersions",
          "ec2:DescribeSnapshots",
        ]
        Resource = "*"
      },
      {
        Sid       = "SeeWhetherOwnImagesAreShared"
        Effect    = "Allow"
        Action    = "ec2:DescribeImageAttribute"
        Resource  = "arn:aws:ec2:eu-west-1::image/*"
        Condition = { StringEquals = { "aws:ResourceTag/asg-ami-pipeline:pipeline" = "shop-pipeline" } }
      },
      {
        Sid    = "LetEc2FindWhatUsesAnImage"
        Effect = "Allow"
        Action = [
          "ec2:DescribeInstances",
          "ec2:DescribeLaunchTemplates",
          "ec2:DescribeLaunchTemplateVersions",
          "imagebuilder:GetContainerRecipe",
          "imagebuilder:ListContainerRecipes",
          "imagebuilder:ListImageRecipes",
          "ssm:DescribeParameters",
          "ssm:GetParameters",
        ]
        Resource  = "*"
        Condition = { "ForAnyValue:StringEquals" = { "aws:CalledVia" = "ec2-images.amazonaws.com" } }
      },
    ]
    error_message = "reading: what it describes, and nothing else."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.flush.policy).Statement == [
      {
        Sid      = "RunShellScript"
        Effect   = "Allow"
        Action   = "ssm:SendCommand"
        Resource = "arn:aws:ssm:eu-west-1::document/AWS-RunShellScript"
      },
      {
        Sid       = "OnInstancesOfTheGroup"
        Effect    = "Allow"
        Action    = "ssm:SendCommand"
        Resource  = "arn:aws:ec2:eu-west-1:123456789012:instance/*"
        Condition = { StringEquals = { "ssm:resourceTag/aws:autoscaling:groupName" = "shop fleet" } }
      },
      {
        Sid      = "SeeHowItWent"
        Effect   = "Allow"
        Action   = "ssm:GetCommandInvocation"
        Resource = "*"
      },
    ]
    error_message = "flush: commands on instances of its own group alone."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.launch_template.policy).Statement == [{
      Sid      = "PromoteImagesAndPruneVersions"
      Effect   = "Allow"
      Action   = ["ec2:CreateLaunchTemplateVersion", "ec2:DeleteLaunchTemplateVersions"]
      Resource = "arn:aws:ec2:eu-west-1:123456789012:launch-template/lt-0123456789abcdef0"
    }]
    error_message = "launch-template: versions of its own launch template alone."
  }
  assert {
    condition     = jsondecode(aws_iam_role.baker.assume_role_policy).Statement[0].Principal == { Service = "lambda.amazonaws.com" }
    error_message = "Lambda alone must be able to take the role."
  }
}

run "it_images_its_own_group_and_deletes_its_own_images" {
  command = plan
  module { source = "./modules/baker" }

  assert {
    condition = jsondecode(aws_iam_role_policy.images.policy).Statement == [
      {
        Sid       = "ImageInstancesOfTheGroup"
        Effect    = "Allow"
        Action    = "ec2:CreateImage"
        Resource  = "arn:aws:ec2:eu-west-1:123456789012:instance/*"
        Condition = { StringEquals = { "aws:ResourceTag/aws:autoscaling:groupName" = "shop fleet" } }
      },
      {
        Sid       = "MakeTaggedImages"
        Effect    = "Allow"
        Action    = "ec2:CreateImage"
        Resource  = ["arn:aws:ec2:eu-west-1::image/*", "arn:aws:ec2:eu-west-1::snapshot/*"]
        Condition = { StringEquals = { "aws:RequestTag/asg-ami-pipeline:pipeline" = "shop-pipeline" } }
      },
      {
        Sid      = "TagThemAsTheyAreMade"
        Effect   = "Allow"
        Action   = "ec2:CreateTags"
        Resource = ["arn:aws:ec2:eu-west-1::image/*", "arn:aws:ec2:eu-west-1::snapshot/*"]
        Condition = { StringEquals = {
          "ec2:CreateAction"                         = "CreateImage"
          "aws:RequestTag/asg-ami-pipeline:pipeline" = "shop-pipeline"
        } }
      },
      {
        Sid       = "RemoveOwnImages"
        Effect    = "Allow"
        Action    = ["ec2:DeregisterImage", "ec2:DeleteSnapshot"]
        Resource  = ["arn:aws:ec2:eu-west-1::image/*", "arn:aws:ec2:eu-west-1::snapshot/*"]
        Condition = { StringEquals = { "aws:ResourceTag/asg-ami-pipeline:pipeline" = "shop-pipeline" } }
      },
      {
        Sid      = "MarkOwnImagesOfAnUndo"
        Effect   = "Allow"
        Action   = "ec2:CreateTags"
        Resource = "arn:aws:ec2:eu-west-1::image/*"
        Condition = {
          StringEquals                = { "aws:ResourceTag/asg-ami-pipeline:pipeline" = "shop-pipeline" }
          "ForAllValues:StringEquals" = { "aws:TagKeys" = "asg-ami-pipeline:undo" }
          Null                        = { "aws:TagKeys" = "false" }
        }
      },
    ]
    error_message = "images: of instances of its own group, with its own tag, and away with none but those."
  }
}

run "tags_reach_everything" {
  command = plan
  module { source = "./modules/baker" }

  assert {
    condition     = alltrue([for resource in [aws_lambda_function.baker, aws_iam_role.baker, aws_cloudwatch_log_group.baker] : resource.tags == tomap({ team = "web" })])
    error_message = "What the module makes must get the tags."
  }
}

run "a_group_name_of_255_characters" {
  command = plan
  module { source = "./modules/baker" }
  variables { auto_scaling_group_name = join("", [for number in range(255) : "g"]) }

  assert {
    condition     = length(aws_lambda_function.baker.environment[0].variables.AUTO_SCALING_GROUP_NAME) == 255
    error_message = "The longest name that a group can have must do."
  }
}

# What is refused

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

run "capture_by_another_way" {
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

run "log_retention_that_cloudwatch_does_not_know" {
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

run "tags_without_end" {
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
