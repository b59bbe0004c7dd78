"""What several methods of balancing are built from. Imports roles and numerics."""
