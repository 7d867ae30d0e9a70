"""Pictures of prices: byte for byte the same for the same bars, so that their hash names them."""
