"""The whole program: real processes on real files, as a user runs them."""
