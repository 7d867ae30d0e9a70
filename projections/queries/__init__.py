"""What people ask of a run, a question a module: its SQL, its rows, and the function that asks."""
