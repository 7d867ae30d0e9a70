"""Units of work that know no host: a feed, a cell, a projector."""
