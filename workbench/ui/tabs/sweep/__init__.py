"""The Sweep tab: what a sweep tried, what it reached, and which settings mattered."""
