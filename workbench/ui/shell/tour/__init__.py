"""The tour of a first start. Imports the window and what stands below it."""
