"""Trained: a model put together again from its description and a checkpoint, without its data."""
