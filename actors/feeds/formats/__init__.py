"""Formats of market data files, one module a format."""
