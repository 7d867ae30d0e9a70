"""What the account wants, holds and is worth: sizing, positions and valuation."""
