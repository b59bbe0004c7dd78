"""Boundaries: what a model decides, as maps. Imports the tab, services, plots and all below."""
