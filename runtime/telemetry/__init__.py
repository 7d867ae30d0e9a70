"""How a cell is watched: spans, figures and logs, measured around its ports and sent elsewhere."""
