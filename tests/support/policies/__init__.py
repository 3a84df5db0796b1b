"""IAM policies: what a linter says of them, and what IAM decides by them."""
