"""Finding strategies: candidates are proposed, tried, and judged by how many were tried."""
