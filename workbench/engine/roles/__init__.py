"""The contracts that methods fulfil, one role a file."""
