# A PHP application behind a load balancer, deployed and baked from a CodeCommit repository.

provider "aws" {
  region = var.region
}

resource "aws_codecommit_repository" "application" {
  # checkov:skip=CKV2_AWS_37: an example needs no approval rules

  repository_name = var.name
  description     = "The application: appspec.yml at the root, scripts/, and the files that are served"
}

module "service" {
  source = "../.."

  name       = var.name
  vpc_id     = aws_vpc.network.id
  subnet_ids = local.instance_subnet_ids

  load_balancer = {
    target_group_arns = [aws_lb_target_group.instances.arn]
    security_group_id = aws_security_group.load_balancer.id
  }

  instance = {
    type      = var.instance_type
    user_data = file("${path.module}/prepare-web-server.sh")
  }

  capacity = { min = 2, max = 4 }

  source_stage = {
    codecommit = { repository_name = aws_codecommit_repository.application.repository_name }
  }

  tags = { application = var.name }
}
