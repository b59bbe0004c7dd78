"""What the window does to have many runs made at once."""
