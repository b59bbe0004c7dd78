"""Inside: what methods report of themselves. Imports the tab, services, plots and all below."""
