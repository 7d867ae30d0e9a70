"""Proof: the real cell in a world of seeded chance and virtual time, where everything breaks."""
