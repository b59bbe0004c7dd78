"""Texts: how tokens are read, cut and scored."""
