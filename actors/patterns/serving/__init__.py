"""Answering questions in time: gathered, by priority, and with a way out when memory ends."""
