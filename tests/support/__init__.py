"""What tests of several kinds share. It imports no test, and nothing from a kind's folder."""
