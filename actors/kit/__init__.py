"""The shapes of an actor, and the cell: one sequencer, the only writer of its journal."""
