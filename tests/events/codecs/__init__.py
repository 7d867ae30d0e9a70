"""Bytes on the wire and on disk, checked."""
