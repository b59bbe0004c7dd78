"""From a Spec to a Trainer: tasks, model, sizes, threads, cost. Imports everything but answers."""
