"""The market's hand: NautilusTrader's Rust engine as a simulated venue."""
