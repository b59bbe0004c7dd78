"""Small Qt parts that several rooms use. Imports model, words and look."""
