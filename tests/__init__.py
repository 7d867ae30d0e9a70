"""Tests; they mirror the source. Without this file tests/actors would shadow actors."""
