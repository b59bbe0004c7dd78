"""Mnemonics: the letters of a text that & marks as keys, and the text without them."""

import re


def plain(text: str) -> str:
    """An action's text without its mnemonic, which Chinese puts in brackets behind it."""
    return re.sub(r"\(&\w\)|&", "", text)
