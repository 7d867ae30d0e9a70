"""How it is remembered: the market log, cell journals and ingress as ports, and their backends."""
