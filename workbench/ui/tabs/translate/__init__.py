"""Translate: what a model of texts writes. Imports the tab, services, plots and all below."""
