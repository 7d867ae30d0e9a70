"""What a model should have said: labels from what came after, and splits that keep it apart."""
