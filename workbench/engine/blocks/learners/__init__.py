"""What learners that adapt to each task are built from."""
