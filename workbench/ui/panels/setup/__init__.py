"""Setup: the choices of an experiment, from tasks to training."""
