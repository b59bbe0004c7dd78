"""Runs on disk: directories the user owns, and an index of them (no torch, no Qt)."""
