"""Every program as a supervised Pykka actor of one process."""
