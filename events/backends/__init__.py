"""Technologies that implement the ports; a vendor is imported nowhere else."""
