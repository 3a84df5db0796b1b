# The Auto Scaling group, which launches the latest version of the launch template.

resource "aws_autoscaling_group" "fleet" {
  name                = var.name
  vpc_zone_identifier = var.subnet_ids

  min_size         = var.capacity.min
  max_size         = var.capacity.max
  desired_capacity = var.capacity.desired

  target_group_arns         = local.has_load_balancer ? var.load_balancer.target_group_arns : []
  health_check_type         = local.has_load_balancer ? "ELB" : "EC2"
  health_check_grace_period = local.has_load_balancer ? var.load_balancer.health_check_grace_period : null

  launch_template {
    id      = aws_launch_template.fleet.id
    version = "$Latest"
  }

  # The group's own tags; instances get theirs from the launch template.
  dynamic "tag" {
    for_each = var.tags

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = false
    }
  }

  lifecycle {
    # Scaling policies change the desired capacity; deployments and operators suspend processes.
    ignore_changes = [desired_capacity, suspended_processes]
  }

  # The first instances need the key to launch, outbound access while they boot, and their permissions
  # from the start: refused once, the Systems Manager agent waits before it tries again.
  depends_on = [
    aws_vpc_security_group_egress_rule.ipv4,
    aws_vpc_security_group_egress_rule.ipv6,
    aws_vpc_security_group_ingress_rule.load_balancer,
    aws_iam_role_policy.artifacts,
    aws_iam_role_policy.systems_manager,
    aws_kms_grant.auto_scaling,
  ]
}
