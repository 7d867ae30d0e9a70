"""Programs as processes."""
