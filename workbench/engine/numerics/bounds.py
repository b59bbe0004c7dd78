"""Bounds: the largest numbers that are computed with. Without torch, for those who only read."""

#: Larger numbers have squares that no deviation can be taken of.
MOST = 1e150
