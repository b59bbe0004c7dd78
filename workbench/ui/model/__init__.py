"""What the window knows, without Qt. Imports nothing of ui."""
