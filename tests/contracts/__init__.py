"""What every backend of a port must do, written once."""
