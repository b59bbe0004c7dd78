"""Brings the window's translations up to date with its source.

    python docs/translations.py

Writes resources/translations/workbench_*.ts, in which translations are kept, new texts are marked
unfinished and texts that are gone are dropped; then compiles them to .qm, which is what is shipped
and read. Translate with Qt Linguist, or in the file itself, and run this again.
"""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.ui.strings import found, translations  # noqa: E402 - found only once the path is set

FOLDER = ROOT / "resources" / "translations"


def update(path: Path) -> int:
    """Write the .ts file `path` anew; how many texts have no translation yet."""
    known = translations(path) if path.is_file() else {}
    language = path.stem.removeprefix("workbench_")
    root = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    contexts: dict[str, ElementTree.Element] = {}
    missing = 0
    for context, text in found():
        if context not in contexts:
            contexts[context] = ElementTree.SubElement(root, "context")
            ElementTree.SubElement(contexts[context], "name").text = context
        message = ElementTree.SubElement(contexts[context], "message")
        ElementTree.SubElement(message, "source").text = text
        translation = ElementTree.SubElement(message, "translation")
        translation.text = known.get((context, text), "")
        if not translation.text:
            translation.set("type", "unfinished")
            missing += 1
    ElementTree.indent(root, "    ")
    body = ElementTree.tostring(root, encoding="unicode")
    head = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
    path.write_text(f"{head}{body}\n", encoding="utf-8")
    return missing


def main() -> None:
    """Update and compile every language."""
    for path in sorted(FOLDER.glob("*.ts")):
        missing = update(path)
        release = Path(sys.executable).with_name("pyside6-lrelease")
        target = path.with_suffix(".qm")
        subprocess.run([release, "-silent", path, "-qm", target], check=True)
        print(f"{target.relative_to(ROOT)}: {missing} texts without a translation")


if __name__ == "__main__":
    main()
