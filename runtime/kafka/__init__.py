"""A real Kafka broker on this machine, for development and for one machine; no Docker."""
