"""The parts of `spec.check`, the one door to them."""
