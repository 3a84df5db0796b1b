# examples/complete as a whole. The integration tests apply it.

mock_provider "aws" {
  source = "./tests/terraform/mocks"
}

run "the_stack_fits_together" {
  module { source = "./examples/complete" }

  override_resource {
    target = aws_subnet.public[0]
    values = { id = "subnet-0123456789abcdef0" }
  }
  override_resource {
    target = aws_subnet.public[1]
    values = { id = "subnet-0123456789abcdef1" }
  }

  assert {
    condition     = output.pipeline_name == "web" && output.auto_scaling_group_name == "web" && output.launch_template_id == "lt-0123456789abcdef0"
    error_message = "The outputs must be the names and IDs of the resources."
  }
}
