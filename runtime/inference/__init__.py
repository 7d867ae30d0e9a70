"""What an inference gateway is made of: models on a shelf, engines, and cells to be answered."""
