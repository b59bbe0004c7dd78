"""Sharing strategies."""
