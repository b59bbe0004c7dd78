"""Names and meanings said in several places, and the language. Imports nothing of ui."""
