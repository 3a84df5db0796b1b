# Values used in several files.

locals {
  has_load_balancer = length(var.target_group_names) > 0
  has_alarms        = length(var.alarm_names) > 0
}
