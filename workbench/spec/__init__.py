"""What an experiment is, and what happens in one, without running it (no torch, no Qt)."""
