"""Tests of charts, rules and who asks for patterns."""
