"""One thread, deterministic, as fast as the machine: for backtests, verification and tests."""
