"""What is looked at and changes nothing. Imports blocks, update, roles and numerics."""
