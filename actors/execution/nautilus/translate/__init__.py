"""The one place where our words become NautilusTrader's, and its words ours."""
