"""Trying candidates of a search over the recorded market."""
