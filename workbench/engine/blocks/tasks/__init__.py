"""What several families of tasks are built from. Imports readers, roles and numerics."""
