"""A preset as it is written, and its faults in its writer's words."""
