"""Tabs of the centre, modules or folders with a `panel`, found by scan. No tab imports another."""
