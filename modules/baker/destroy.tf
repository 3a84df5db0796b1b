# Images on destroy. The function makes them, so Terraform does not know them.

# Terraform invokes the function to announce a destroy, before it destroys what the function needs. The
# resource exists regardless of delete_images_on_destroy: with a count, turning the setting off would
# destroy it, and thereby delete the images.
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

# Says during a destroy what happens to the images.
resource "terraform_data" "left_behind" {
  input = var.delete_images_on_destroy ? "The images of pipeline ${var.pipeline_name} and their snapshots are deleted." : join("\n", [
    "Images and snapshots with the tag asg-ami-pipeline:pipeline=${var.pipeline_name} are kept and still cost money.",
    "List them with: aws ec2 describe-images --owners self --filters Name=tag:asg-ami-pipeline:pipeline,Values=${var.pipeline_name}",
    "Delete one with: aws ec2 deregister-image --image-id ID --delete-associated-snapshots",
  ])

  provisioner "local-exec" {
    when       = destroy
    on_failure = continue
    command    = "echo \"${self.input}\""
  }
}
