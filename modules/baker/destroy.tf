# Images are made by the function, not by Terraform, so a destroy has to be told of them.

# The function hears of a destroy before anything of it is gone. It exists even when images are to stay:
# were it made and destroyed with the setting, turning that off would remove the images.
resource "aws_lambda_invocation" "destroy" {
  function_name   = aws_lambda_function.baker.function_name
  lifecycle_scope = "CRUD"
  input           = jsonencode({ delete_images_on_destroy = var.delete_images_on_destroy })

  depends_on = [
    aws_cloudwatch_log_group.baker,
    aws_iam_role_policy.images,
    aws_iam_role_policy.logs,
    aws_iam_role_policy.reading,
  ]
}

# What a destroy leaves behind is said while it runs.
resource "terraform_data" "left_behind" {
  input = var.delete_images_on_destroy ? join("", [
    "The images of pipeline ${var.pipeline_name} and their snapshots are removed.",
    ]) : join("", [
    "Images and snapshots with the tag asg-ami-pipeline:pipeline=${var.pipeline_name} stay, and cost as before. ",
    "To see them: aws ec2 describe-images --owners self --filters Name=tag:asg-ami-pipeline:pipeline,Values=${var.pipeline_name}",
  ])

  provisioner "local-exec" {
    when       = destroy
    on_failure = continue
    command    = "echo \"${self.input}\""
  }
}
