"""The Ray host."""
