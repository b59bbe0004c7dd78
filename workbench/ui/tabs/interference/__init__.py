"""Interference: how tasks pull on each other. Imports the tab, services, plots and all below."""
