"""What the table of runs shows, without Qt. Imports spec and study."""
