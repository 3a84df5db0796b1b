# What CodeDeploy may do: AWS's managed policy, or one of this module's that ends at its own group.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  scoped    = var.service_role_policy == "scoped"
  in_region = { StringEquals = { "aws:RequestedRegion" = local.region } }

  auto_scaling_group_arn = format(
    "arn:%s:autoscaling:%s:%s:autoScalingGroup:*:autoScalingGroupName/%s", local.partition, local.region,
    local.account_id, var.auto_scaling_group_name
  )
}

# CodeDeploy User Guide, "Cross-service confused deputy prevention".
resource "aws_iam_role" "codedeploy" {
  name                 = "${var.name}-codedeploy"
  path                 = var.role_path
  description          = "CodeDeploy for ${var.name}"
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AllowCodeDeployForDeploymentGroup"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "codedeploy.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account_id }
        ArnEquals    = { "aws:SourceArn" = "arn:${local.partition}:codedeploy:${local.region}:${local.account_id}:deploymentgroup:${var.name}/${var.name}" }
      }
    }]
  })
}

# The default, because AWS documents what CodeDeploy needs nowhere else, and follows with it what
# CodeDeploy comes to need. It covers all groups, target groups and instances of the account, though;
# the role's trust, in this one deployment group alone, is what keeps it to its own. AWS's guide adds
# ec2:RunInstances, ec2:CreateTags and iam:PassRole for groups with a launch template: those are asked of
# whoever creates or updates such a group (Amazon EC2 Auto Scaling User Guide, "Control Amazon EC2 launch
# template usage"), which CodeDeploy does in blue/green deployments only. In place it needs none of them.
resource "aws_iam_role_policy_attachment" "managed" {
  count = local.scoped ? 0 : 1

  role       = aws_iam_role.codedeploy.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AWSCodeDeployRole"
}

# What of the managed policy serves a deployment in place, and a launch.
resource "aws_iam_role_policy" "scoped" {
  count = local.scoped ? 1 : 0

  name = "deployments-in-place"
  role = aws_iam_role.codedeploy.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid    = "DescribeGroupAndInstances" # none of these is limited by a resource
          Effect = "Allow"
          Action = [
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeAutoScalingInstances",
            "autoscaling:DescribeLifecycleHooks",
            "ec2:DescribeInstances",
            "ec2:DescribeInstanceStatus",
          ]
          Resource  = "*"
          Condition = local.in_region
        },
        {
          Sid    = "DeployToNewInstances"
          Effect = "Allow"
          Action = [
            "autoscaling:CompleteLifecycleAction",
            "autoscaling:DeleteLifecycleHook",
            "autoscaling:PutLifecycleHook",
            "autoscaling:RecordLifecycleActionHeartbeat",
          ]
          Resource = local.auto_scaling_group_arn
        },
        {
          Sid      = "SuspendScalingProcesses"
          Effect   = "Allow"
          Action   = ["autoscaling:ResumeProcesses", "autoscaling:SuspendProcesses"]
          Resource = local.auto_scaling_group_arn
        },
      ],
      local.has_load_balancer ? [{
        Sid    = "DescribeLoadBalancer" # none of these is limited by a resource
        Effect = "Allow"
        Action = [
          "elasticloadbalancing:DescribeLoadBalancerAttributes",
          "elasticloadbalancing:DescribeLoadBalancers",
          "elasticloadbalancing:DescribeTargetGroupAttributes",
          "elasticloadbalancing:DescribeTargetGroups",
          "elasticloadbalancing:DescribeTargetHealth",
        ]
        Resource  = "*"
        Condition = local.in_region
      }] : [],
      local.has_load_balancer ? [{
        Sid      = "DeregisterAndRegisterTargets"
        Effect   = "Allow"
        Action   = ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"]
        Resource = [for name in var.target_group_names : "arn:${local.partition}:elasticloadbalancing:${local.region}:${local.account_id}:targetgroup/${name}/*"]
      }] : [],
      local.has_alarms ? [{
        Sid       = "DescribeAlarms" # composite ones are told only to who may see all (DescribeAlarms, CloudWatch API)
        Effect    = "Allow"
        Action    = "cloudwatch:DescribeAlarms"
        Resource  = "*"
        Condition = local.in_region
      }] : [],
    )
  })
}
