# Permissions on the instances of the Auto Scaling group, which depend on `capture`.

resource "aws_iam_role_policy" "flush" {
  count = var.capture == "live" ? 1 : 0

  name = "flush"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "RunShellScript"
        Effect   = "Allow"
        Action   = "ssm:SendCommand"
        Resource = "arn:${local.partition}:ssm:${local.region}::document/AWS-RunShellScript"
      },
      {
        Sid       = "SendCommandsToGroupInstances"
        Effect    = "Allow"
        Action    = "ssm:SendCommand"
        Resource  = local.instances
        Condition = { StringEquals = { "ssm:resourceTag/aws:autoscaling:groupName" = var.auto_scaling_group_name } }
      },
      {
        Sid       = "ReadCommandResults" # does not support resource-level permissions
        Effect    = "Allow"
        Action    = "ssm:GetCommandInvocation"
        Resource  = "*"
        Condition = local.in_region
      },
    ]
  })
}

resource "aws_iam_role_policy" "standby" {
  count = var.capture == "standby" ? 1 : 0

  name = "standby"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "EnterAndExitStandby"
        Effect = "Allow"
        Action = ["autoscaling:EnterStandby", "autoscaling:ExitStandby"]
        Resource = format(
          "arn:%s:autoscaling:%s:%s:autoScalingGroup:*:autoScalingGroupName/%s", local.partition, local.region,
          local.account_id, var.auto_scaling_group_name
        )
      },
      {
        Sid      = "TagInstancesInStandby"
        Effect   = "Allow"
        Action   = ["ec2:CreateTags", "ec2:DeleteTags"]
        Resource = local.instances
        Condition = {
          StringEquals                = { "aws:ResourceTag/aws:autoscaling:groupName" = var.auto_scaling_group_name }
          "ForAllValues:StringEquals" = { "aws:TagKeys" = "asg-ami-pipeline:standby" }
          Null                        = { "aws:TagKeys" = "false" }
        }
      },
    ]
  })
}
