"""Delimited text: lines, columns, exact decimals and times."""
