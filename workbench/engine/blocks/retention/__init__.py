"""What several methods of retention are built from. Imports roles and numerics."""
