"""The exchange on paper."""
