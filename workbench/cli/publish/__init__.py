"""What is made of runs that are there: exports and proofs. It imports the rest of `cli`."""
