"""The user's own files: where they are, whether they changed, what is in them."""
