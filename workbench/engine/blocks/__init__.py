"""What several methods are built from: towers, memories, solvers, tables. No loop is in here."""
