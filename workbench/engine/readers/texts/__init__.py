"""Texts in several languages: what a file of them is, and how each kind is read."""
