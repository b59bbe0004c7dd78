"""Landscape: a path on a surface of losses. Imports the tab, services, plots and all below."""
