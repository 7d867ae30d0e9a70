"""Plain files, for what is measured and may be lost."""
