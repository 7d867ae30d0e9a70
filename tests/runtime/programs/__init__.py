"""Programs without a host."""
