"""Pure functions over returns, equity and profits; None where too little happened to say."""
