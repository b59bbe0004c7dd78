"""Rows: tensors of examples that are put together when they are used."""
