"""When markets are expected to trade, so that a weekend is no fault."""
