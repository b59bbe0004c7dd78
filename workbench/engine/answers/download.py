"""A standard data set, fetched because the user asked for it."""

from workbench.engine.build.catalogue import Catalogue
from workbench.engine.readers.downloads import SOURCES, download, folder_of
from workbench.engine.roles.method import BadSpecError
from workbench.spec.question import Download, Tell

QUESTION = Download


def answer(question: Download, catalogue: Catalogue, tell: Tell) -> str:
    """The folder the files are in. Raises BadSpecError and OSError."""
    del catalogue
    source = SOURCES.get(question.family)
    if source is None:
        known = ", ".join(SOURCES)
        raise BadSpecError("family", f"'{question.family}' is not downloaded (there is: {known})")
    folder = folder_of(question.family)
    download(source, folder, tell)
    return str(folder)
