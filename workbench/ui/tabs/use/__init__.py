"""Use: what a trained model says of rows that were typed, or of a file."""
