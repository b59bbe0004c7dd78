"""Search: settings that are tried over a space, to find which serve best. No torch, no Qt.

Optuna proposes and prunes; it is imported by `storage`, `samplers`, `driver` and `importance`
alone, which only who makes a sweep imports. What a sweep is and how it stands is read without it.
"""
