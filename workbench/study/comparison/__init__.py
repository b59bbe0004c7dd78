"""Comparison: experiments over seeds held against each other. Neither torch nor Qt."""
