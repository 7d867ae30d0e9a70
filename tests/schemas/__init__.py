"""What can be said, checked."""
