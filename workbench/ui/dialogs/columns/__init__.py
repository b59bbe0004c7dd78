"""The table of a file's columns in the data dialog: what they are, and what each is for."""
