"""Pure numbers: no task, no model, no role. Imports nothing of the engine."""
