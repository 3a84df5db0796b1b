# A load balancer, if hardened.

resource "aws_security_group" "load_balancer" {
  name   = "${local.name}-load-balancer"
  vpc_id = aws_vpc.network.id
}

resource "aws_lb" "public" {
  count = var.hardened ? 1 : 0

  name            = local.name
  internal        = true
  security_groups = [aws_security_group.load_balancer.id]
  subnets         = aws_subnet.instances[*].id
}

resource "aws_lb_listener" "http" {
  count = var.hardened ? 1 : 0

  load_balancer_arn = aws_lb.public[0].arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.instances[0].arn
  }
}

resource "aws_lb_target_group" "instances" {
  count = var.hardened ? 1 : 0

  name     = local.name
  vpc_id   = aws_vpc.network.id
  port     = 80
  protocol = "HTTP"
}
