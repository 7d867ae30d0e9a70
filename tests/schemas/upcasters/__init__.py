"""Older payloads, read today."""
