"""The rules, each a pure function from what risk knows and an order to a verdict."""
