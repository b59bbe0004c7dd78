"""The window itself and what its menus do. Imports the tab, panels, dialogs and all below."""
