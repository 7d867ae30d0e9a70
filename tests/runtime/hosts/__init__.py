"""The hosts."""
