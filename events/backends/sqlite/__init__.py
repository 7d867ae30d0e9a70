"""Backends on SQLite files, the embedded default."""
