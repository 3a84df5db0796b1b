"""What a bake costs: requests, time and memory, and how retention grows with the account."""
