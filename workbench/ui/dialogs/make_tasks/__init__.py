"""Tasks made out of those of any family: the dialog, and the picture of what would be made."""
