"""The memory backends."""
