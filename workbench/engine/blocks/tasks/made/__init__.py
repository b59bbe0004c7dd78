"""What families that make their tasks out of another's are built from."""
