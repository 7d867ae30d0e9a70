"""When a program is replaced, and when that is given up."""
