"""How it is remembered, checked."""
