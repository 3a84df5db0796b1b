# The instances' security group.

resource "aws_security_group" "instances" {
  # checkov:skip=CKV2_AWS_5: the launch template attaches it to the instances

  name        = "${var.name}-instances"
  description = "Instances of ${var.name}"
  vpc_id      = var.vpc_id
  tags        = local.instance_tags
}

# Instances download packages, revisions and commands. Restrict their destinations in the network.
resource "aws_vpc_security_group_egress_rule" "ipv4" {
  security_group_id = aws_security_group.instances.id
  description       = "Packages, CodeDeploy, Systems Manager"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
  tags              = local.instance_tags
}

resource "aws_vpc_security_group_egress_rule" "ipv6" {
  security_group_id = aws_security_group.instances.id
  description       = "Packages, CodeDeploy, Systems Manager"
  ip_protocol       = "-1"
  cidr_ipv6         = "::/0"
  tags              = local.instance_tags
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  count = local.has_load_balancer ? 1 : 0

  security_group_id            = aws_security_group.instances.id
  description                  = "Requests from the load balancer"
  ip_protocol                  = "tcp"
  from_port                    = var.load_balancer.port
  to_port                      = var.load_balancer.port
  referenced_security_group_id = var.load_balancer.security_group_id
  tags                         = local.instance_tags
}
