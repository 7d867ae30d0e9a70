"""The report of a run: gathered from its journal and the market log, rendered as one HTML file."""
