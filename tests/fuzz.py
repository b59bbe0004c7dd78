"""How much the fuzzers try: little in the usual tests, more where it is asked for."""

import os


def scaled(n: int) -> int:
    """`n` times the environment's WORKBENCH_FUZZ, which is 1 where it is not set."""
    return max(1, round(n * float(os.environ.get("WORKBENCH_FUZZ", "1"))))
