"""Retention methods."""
