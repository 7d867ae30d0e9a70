"""The inline host: one thread, deterministic."""
