"""The loop that trains any valid combination of choices. Knows no method by name."""
