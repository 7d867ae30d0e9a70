"""Telling a running system what to do."""
