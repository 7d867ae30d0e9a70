"""Tests of the shapes and the cell."""
