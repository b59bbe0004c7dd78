"""Drawing surfaces that several tabs use. Imports widgets, model, words and look."""
