"""Orders meet a market: venues, simulated and live."""
