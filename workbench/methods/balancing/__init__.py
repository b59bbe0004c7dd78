"""Balancing methods."""
