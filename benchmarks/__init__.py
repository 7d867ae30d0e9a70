"""Measurements of speed and memory, beside the tests."""
