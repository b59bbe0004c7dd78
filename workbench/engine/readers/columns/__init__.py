"""Columns: what a column of a table is taken for, what it may be for, and what looks odd in it."""
