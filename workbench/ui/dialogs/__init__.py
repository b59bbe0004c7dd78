"""Windows over the window. Imports services, widgets, model and look."""
