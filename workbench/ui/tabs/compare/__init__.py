"""Compare: several runs side by side. Imports the tab, services, plots and all below."""
