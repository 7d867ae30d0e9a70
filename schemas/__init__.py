"""What can be said: the envelope, the registry of kinds, and every event by subject."""
