"""Tests that apply for real, through python-terraform, on the local AWS."""
