"""What can be wrong with market data, one idea a file, and what is done about it."""
