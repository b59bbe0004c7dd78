"""The loop: stages and their steps. Imports measure, update, roles and numerics."""
