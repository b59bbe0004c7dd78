"""The gallery of presets. Imports services, plots, widgets and all below."""
