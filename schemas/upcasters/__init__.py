"""How raw payloads of an older version become payloads of the next one."""
