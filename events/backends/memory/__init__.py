"""Backends in the memory of one process, for tests and the simulation."""
