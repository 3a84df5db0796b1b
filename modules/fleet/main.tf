# The Auto Scaling group.

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

  # Launched instances get their tags from the launch template; these are the group's own.
  dynamic "tag" {
    for_each = var.tags

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = false
    }
  }

  lifecycle {
    # Scaling policies own the desired capacity; deployments and operators suspend processes.
    ignore_changes = [desired_capacity, suspended_processes]
  }

  # What the first instances need to launch and while they boot: the key, the way out, and the
  # permissions without which the Systems Manager agent sits back for a while.
  depends_on = [
    aws_vpc_security_group_egress_rule.ipv4,
    aws_vpc_security_group_egress_rule.ipv6,
    aws_vpc_security_group_ingress_rule.load_balancer,
    aws_iam_role_policy.artifacts,
    aws_iam_role_policy.systems_manager,
    aws_kms_grant.auto_scaling,
  ]
}
