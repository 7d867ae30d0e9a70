"""Where a cell runs: in one thread, as actors, across machines, or simulated."""
