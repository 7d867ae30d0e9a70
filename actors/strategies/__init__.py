"""Strategies: the template that users subclass, its parts, and worked examples."""
