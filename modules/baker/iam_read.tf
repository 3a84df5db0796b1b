# Permissions to read: deployments, the Auto Scaling group, images and their references.

resource "aws_iam_role_policy" "deployments" {
  name = "deployments"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "ReadDeployments"
        Effect = "Allow"
        Action = ["codedeploy:BatchGetDeployments", "codedeploy:ListDeployments"]
        Resource = format(
          "arn:%s:codedeploy:%s:%s:deploymentgroup:%s/%s", local.partition, local.region, local.account_id,
          var.codedeploy.application_name, var.codedeploy.deployment_group_name
        )
      },
      {
        Sid       = "ListDeploymentTargets" # does not support resource-level permissions
        Effect    = "Allow"
        Action    = "codedeploy:ListDeploymentTargets"
        Resource  = "*"
        Condition = local.in_region
      },
    ]
  })
}

resource "aws_iam_role_policy" "reading" {
  name = "reading"
  role = aws_iam_role.baker.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "DescribeGroupAndImages" # these actions do not support resource-level permissions
        Effect = "Allow"
        Action = [
          "autoscaling:DescribeAutoScalingGroups",
          "ec2:DescribeImageReferences",
          "ec2:DescribeImages",
          "ec2:DescribeInstances",
          "ec2:DescribeLaunchTemplateVersions",
          "ec2:DescribeSnapshots",
        ]
        Resource  = "*"
        Condition = local.in_region
      },
      {
        Sid       = "ReadSharingOfOwnImages"
        Effect    = "Allow"
        Action    = "ec2:DescribeImageAttribute"
        Resource  = local.images
        Condition = { StringEquals = { "aws:ResourceTag/${local.own_tag}" = var.pipeline_name } }
      },
      # To find references to an image, EC2 also reads these with the function's permissions ("Identify your
      # resources referencing specified AMIs", Amazon EC2 User Guide). aws:CalledVia keeps the function
      # itself from reading them.
      {
        Sid    = "FindImageReferencesThroughEc2" # these actions do not support resource-level permissions
        Effect = "Allow"
        Action = [
          "ec2:DescribeLaunchTemplates",
          "imagebuilder:ListContainerRecipes",
          "imagebuilder:ListImageRecipes",
          "ssm:DescribeParameters",
        ]
        Resource = "*"
        Condition = {
          StringEquals               = { "aws:RequestedRegion" = local.region }
          "ForAnyValue:StringEquals" = { "aws:CalledVia" = "ec2-images.amazonaws.com" }
        }
      },
      {
        Sid    = "ReadImageReferencesThroughEc2"
        Effect = "Allow"
        Action = ["imagebuilder:GetContainerRecipe", "ssm:GetParameters"]
        Resource = [
          "arn:${local.partition}:imagebuilder:${local.region}:${local.account_id}:container-recipe/*",
          "arn:${local.partition}:ssm:${local.region}:${local.account_id}:parameter/*",
        ]
        Condition = { "ForAnyValue:StringEquals" = { "aws:CalledVia" = "ec2-images.amazonaws.com" } }
      },
    ]
  })
}
