# Composes fleet, CodeDeploy, baker, pipeline and an optional key.

module "fleet" {
  source = "./modules/fleet"

  name                     = var.name
  vpc_id                   = var.vpc_id
  subnet_ids               = var.subnet_ids
  load_balancer            = var.load_balancer
  instance                 = var.instance
  capacity                 = var.capacity
  artifact_bucket_name     = module.pipeline.artifact_bucket_name
  encryption               = local.encryption
  role_path                = var.role_path
  permissions_boundary_arn = var.permissions_boundary_arn
  tags                     = var.tags
}

module "deployment" {
  source = "./modules/deployment"

  name                     = var.name
  auto_scaling_group_name  = module.fleet.auto_scaling_group_name
  target_group_names       = local.target_group_names
  config_name              = var.deployment.config_name
  alarm_names              = var.deployment.alarm_names
  service_role_policy      = var.deployment.service_role_policy
  role_path                = var.role_path
  permissions_boundary_arn = var.permissions_boundary_arn
  tags                     = var.tags
}

module "baker" {
  source = "./modules/baker"

  name = var.name
  # Not module.pipeline.pipeline_name: the pipeline refers to the function, so that would be a cycle.
  pipeline_name            = var.name
  codedeploy               = module.deployment
  auto_scaling_group_name  = module.fleet.auto_scaling_group_name
  launch_template_id       = module.fleet.launch_template_id
  capture                  = var.capture
  retention                = var.retention
  delete_images_on_destroy = var.delete_images_on_destroy
  log_retention_days       = var.log_retention_days
  encryption               = local.encryption
  role_path                = var.role_path
  permissions_boundary_arn = var.permissions_boundary_arn
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
  artifact_reader_arns     = [module.fleet.instance_role_arn]
  encryption               = local.encryption
  role_path                = var.role_path
  permissions_boundary_arn = var.permissions_boundary_arn
  tags                     = var.tags
}

module "key" {
  source = "./modules/key"
  count  = local.create_kms_key ? 1 : 0

  name            = var.name
  role_path       = var.role_path
  build_role_arns = var.build == null ? [] : [var.build.service_role_arn]
  tags            = var.tags
}
