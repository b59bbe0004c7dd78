"""Seeds: the line above the tabs that says which are shown. Imports services and all below."""
