"""What the roles may do: read from the account, asked of a simulator, and put to the test."""
