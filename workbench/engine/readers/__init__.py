"""Readers: one kind of file each. Nothing in a file is executed, and nothing is passed over."""
