"""The SQLite backends."""
