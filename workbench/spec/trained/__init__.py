"""Trained: what a model was made of, as plain data that are kept with its run."""
