"""Looking after programs: when to replace one, when to give up, in which order to stop."""
