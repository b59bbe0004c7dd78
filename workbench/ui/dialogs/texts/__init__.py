"""Texts in several languages in the data dialog: which languages, which pairs, and what is left."""
