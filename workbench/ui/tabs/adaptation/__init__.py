"""Adaptation: small tasks that adapt. Imports the tab, services, plots and all below."""
