"""Dialect: how a table is written as text: its letters, lines, separators and header."""
