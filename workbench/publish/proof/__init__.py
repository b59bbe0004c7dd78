"""Proof: whether a run that was made again is the run that was recorded, bit for bit."""
