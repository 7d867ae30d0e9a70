"""Every version of every event ever written, as it was written."""
