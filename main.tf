# What runs the application, what updates it, what makes images of it, and what drives the two.

module "fleet" {
  source = "./modules/fleet"

  name                 = var.name
  vpc_id               = var.vpc_id
  subnet_ids           = var.subnet_ids
  load_balancer        = var.load_balancer
  instance             = var.instance
  capacity             = var.capacity
  artifact_bucket_name = module.pipeline.artifact_bucket_name
  tags                 = var.tags
}

module "deployment" {
  source = "./modules/deployment"

  name                    = var.name
  auto_scaling_group_name = module.fleet.auto_scaling_group_name
  target_group_names      = local.target_group_names
  config_name             = var.deployment.config_name
  alarm_names             = var.deployment.alarm_names
  tags                    = var.tags
}

module "baker" {
  source = "./modules/baker"

  name = var.name
  # The pipeline's name too; taken from its module, each would wait for the other.
  pipeline_name            = var.name
  codedeploy               = module.deployment
  auto_scaling_group_name  = module.fleet.auto_scaling_group_name
  launch_template_id       = module.fleet.launch_template_id
  capture                  = var.capture
  retention                = var.retention
  delete_images_on_destroy = var.delete_images_on_destroy
  log_retention_days       = var.log_retention_days
  tags                     = var.tags
}

module "pipeline" {
  source = "./modules/pipeline"

  name                     = var.name
  source_stage             = var.source_stage
  build                    = var.build
  codedeploy               = module.deployment
  automation               = { function_name = module.baker.function_name }
  execution_mode           = var.execution_mode
  artifact_expiration_days = var.artifact_expiration_days
  tags                     = var.tags
}

locals {
  # CodeDeploy wants names: arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>
  target_group_names = var.load_balancer == null ? [] : [
    for arn in var.load_balancer.target_group_arns : try(split("/", arn)[1], arn)
  ]
}
