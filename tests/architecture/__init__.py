"""Rules about the code itself, held by tests so that they can only get better."""
