# An internet-facing load balancer for HTTP. In production, use a certificate and an HTTPS listener.

resource "aws_lb" "public" {
  # checkov:skip=CKV_AWS_91: an example keeps no access logs
  # checkov:skip=CKV_AWS_150: an example must be easy to destroy
  # checkov:skip=CKV2_AWS_20: an example has no domain, and therefore no certificate
  # checkov:skip=CKV2_AWS_28: an example has nothing to protect

  name                       = var.name
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.load_balancer.id]
  subnets                    = local.instance_subnet_ids
  drop_invalid_header_fields = true
  tags                       = local.tags
}

resource "aws_lb_listener" "http" {
  # checkov:skip=CKV_AWS_2: an example has no domain, and therefore no certificate
  # checkov:skip=CKV_AWS_103: an example has no domain, and therefore no certificate

  load_balancer_arn = aws_lb.public.arn
  port              = 80
  protocol          = "HTTP"
  tags              = local.tags

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.instances.arn
  }
}

resource "aws_lb_target_group" "instances" {
  # checkov:skip=CKV_AWS_378: the traffic between load balancer and instances stays in the VPC

  name     = var.name
  vpc_id   = aws_vpc.network.id
  port     = 80
  protocol = "HTTP"
  # Seconds that a deployment waits per instance that it takes out of the target group; AWS's default is 300.
  deregistration_delay = 30
  tags                 = local.tags

  health_check {
    path                = "/health.html"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_security_group" "load_balancer" {
  name        = "${var.name}-load-balancer"
  description = "Load balancer of ${var.name}"
  vpc_id      = aws_vpc.network.id
  tags        = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "http" {
  # checkov:skip=CKV_AWS_260: the example is a public website

  security_group_id = aws_security_group.load_balancer.id
  description       = "Requests from anywhere"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
  cidr_ipv4         = "0.0.0.0/0"
  tags              = local.tags
}

resource "aws_vpc_security_group_egress_rule" "instances" {
  security_group_id            = aws_security_group.load_balancer.id
  description                  = "Requests and health checks to the instances"
  ip_protocol                  = "tcp"
  from_port                    = 80
  to_port                      = 80
  referenced_security_group_id = module.service.security_group_id
  tags                         = local.tags
}
