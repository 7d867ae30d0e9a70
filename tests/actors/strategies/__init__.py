"""Tests of strategies, their template and the examples."""
