"""How a cell is doing: what its events say of it, window by window."""
