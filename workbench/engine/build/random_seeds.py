"""Random seeds: one for each use of chance in a run."""


def seed_for(seed: int, purpose: int) -> int:
    """An independent seed for each use of chance, the same whatever methods are chosen."""
    return (seed * 1_000_003 + purpose * 7_919 + 12_345) % 2**63
