# CodeDeploy's service role, with AWS's managed policy or one that is limited to this deployment group.

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

# The default, because only this policy documents what CodeDeploy needs, and AWS keeps it up to date. It
# covers all Auto Scaling groups, target groups and instances in the account, but the role's trust policy
# allows only this deployment group to use it. AWS's guide adds ec2:RunInstances, ec2:CreateTags and
# iam:PassRole for groups with a launch template. IAM checks these for whoever creates or updates such a
# group (Amazon EC2 Auto Scaling User Guide, "Control Amazon EC2 launch template usage"), which
# CodeDeploy does only in blue/green deployments, so in-place deployments do not need them.
resource "aws_iam_role_policy_attachment" "managed" {
  count = local.scoped ? 0 : 1

  role       = aws_iam_role.codedeploy.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AWSCodeDeployRole"
}

# The part of the managed policy that in-place deployments and launches use.
resource "aws_iam_role_policy" "scoped" {
  count = local.scoped ? 1 : 0

  name = "deployments-in-place"
  role = aws_iam_role.codedeploy.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid    = "DescribeGroupAndInstances" # these actions do not support resource-level permissions
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
        Sid    = "DescribeLoadBalancer" # these actions do not support resource-level permissions
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
        Sid       = "DescribeAlarms" # on *, or composite alarms are not returned (DescribeAlarms, Amazon CloudWatch API Reference)
        Effect    = "Allow"
        Action    = "cloudwatch:DescribeAlarms"
        Resource  = "*"
        Condition = local.in_region
      }] : [],
    )
  })
}
