"""Sweeps on the command line: made, gone on with, told; what one is stands in `study/search`."""
