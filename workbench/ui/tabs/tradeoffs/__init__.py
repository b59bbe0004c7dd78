"""Trade-offs: one task's score against another's. Imports tab, services, plots and all below."""
