"""The line of stages above the tabs. Imports services, plots, widgets and all below."""
