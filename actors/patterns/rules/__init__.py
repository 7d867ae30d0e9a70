"""Classical candlestick and chart patterns by their published definitions."""
