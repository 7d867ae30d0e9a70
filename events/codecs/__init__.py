"""Bytes on the wire and on disk: JSON for steps, Arrow for market batches."""
