"""The report: its folds, and the page they make."""
