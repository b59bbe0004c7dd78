"""Places: what is said of a run without where on this machine it lies, nor whose it is."""

from pathlib import Path

from workbench.store.home import home


def without_places(text: str, folder: Path | None = None) -> str:
    """A text in which this machine's folders are not named: the run's, the program's, the user's.

    What a preset says of the user's own files is not a text of the program's and stays.
    """
    names = [(str(folder), folder.name)] if folder is not None else []
    names += [(str(home()), "WORKBENCH_HOME"), (str(Path.home()), "~")]
    for place, name in names:
        if len(place) > 1:
            text = text.replace(place, name)
    return text
