"""Findings: what a run shows, in a sentence or two, and what to try next."""
