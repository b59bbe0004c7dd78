"""How a file was read, in the data dialog, and how else it may be."""
