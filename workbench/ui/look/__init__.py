"""Theme, icons and colours. Imports nothing of ui."""
