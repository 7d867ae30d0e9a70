"""Every program as a supervised actor of a Ray cluster, our own or one that is there."""
