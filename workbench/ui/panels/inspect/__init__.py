"""Inspect: what is known of the chosen task or method. Imports services, plots and all below."""
