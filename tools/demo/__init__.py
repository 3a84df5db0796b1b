"""`make demo`: the whole system on a local AWS, from `terraform apply` to a scale-out."""
