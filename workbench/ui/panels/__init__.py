"""One panel a module. A panel builds, refreshes and emits intents; panels never import others."""
