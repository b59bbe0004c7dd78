"""Where a run happens: in this process, or in a child. The same events either way."""
