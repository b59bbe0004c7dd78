"""Findings: the line above the tabs that says what a run shows. Imports services and all below."""
