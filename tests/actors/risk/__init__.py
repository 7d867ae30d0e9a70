"""Pre-trade risk."""
