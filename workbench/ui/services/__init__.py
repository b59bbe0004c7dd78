"""Work beside the window's thread: runs, questions, history, cost. Imports model, no widget."""
