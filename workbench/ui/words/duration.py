"""Durations in words (Qt-free)."""


def duration(seconds: float | None) -> str:
    """Seconds as people say them: 0.8 s, 42 s, 3:07, 1:02:03."""
    if seconds is None:
        return "–"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
