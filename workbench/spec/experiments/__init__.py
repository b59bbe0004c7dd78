"""The parts of `spec.experiment`, the one door to them."""
