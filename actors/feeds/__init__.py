"""Feeds: the outside becomes market records, checked, counted and resumable."""
