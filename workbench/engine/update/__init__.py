"""One optimisation step. Imports roles and numerics."""
