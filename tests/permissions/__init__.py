"""What the roles may do: read from the account, asked of a policy simulator, and put to the test."""
