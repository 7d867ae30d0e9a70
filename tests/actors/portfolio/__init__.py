"""Sizing, positions and valuation."""
