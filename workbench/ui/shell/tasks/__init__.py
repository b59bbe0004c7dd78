"""Where the tasks of a setup come from, beside the user's own data."""
