"""Curves: losses and scores while they come. Imports the tab, services, plots and all below."""
