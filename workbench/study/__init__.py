"""Study: several runs as one question. Neither torch nor Qt."""
