"""Figures: curves, matrices and intervals of runs as SVG, without Qt and without a library."""
