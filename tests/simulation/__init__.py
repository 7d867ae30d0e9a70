"""The whole system in a world where everything breaks."""
