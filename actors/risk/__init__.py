"""What may be sent: limits, the rules that hold orders to them, and halting."""
