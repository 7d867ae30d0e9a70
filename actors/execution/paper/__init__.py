"""An exchange on paper: a cell of its own that has no opinions, and the line to it."""
