"""Forgetting: what each stage did to every task. Imports the tab, services, plots and all below."""
