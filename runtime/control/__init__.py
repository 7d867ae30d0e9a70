"""Telling a running system what to do: a socket in the home, for its user alone."""
