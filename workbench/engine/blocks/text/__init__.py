"""What tasks with sentences are built from: words of numbers, phrases, vocabularies. No torch."""
