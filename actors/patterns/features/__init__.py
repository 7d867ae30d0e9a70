"""Numbers that models read: computed from the last bars only, alike in bulk and as bars close."""
