"""What several methods of sharing are built from. Imports roles and numerics."""
