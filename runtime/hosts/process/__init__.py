"""Every program as a process of its own on this machine."""
