"""How it runs: configuration, wiring, hosts and the command line."""
