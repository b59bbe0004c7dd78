"""The history of runs. Imports services, plots, widgets and all below."""
