"""Workbooks in memory, written by hand: XLSX and ODS, whole ones and ones that lie."""

import datetime
import io
import zipfile
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from tests.engine.readers import mutated

Sheets = Mapping[str, Sequence[Sequence[Any]]]

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DAY_0 = datetime.datetime(1899, 12, 30)


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def xlsx(sheets: Sheets, hidden: Sequence[str] = ()) -> bytes:
    return zipped(xlsx_parts(sheets, hidden))


def xlsx_parts(sheets: Sheets, hidden: Sequence[str] = ()) -> dict[str, bytes | str]:
    """The parts of a workbook; a text that begins with = is a formula whose value is 4."""
    named = [(i, name, rows) for i, (name, rows) in enumerate(sheets.items(), 1)]
    targets = "".join(
        f'<Relationship Id="r{i}" Type="{_REL}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i, _, _ in named
    )
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{i}"{_state(name in hidden)} r:id="r{i}"/>'
        for i, name, _ in named
    )
    styles = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": _relationships(
            f'<Relationship Id="r1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/>'
        ),
        "xl/_rels/workbook.xml.rels": _relationships(
            targets + f'<Relationship Id="s" Type="{_REL}/styles" Target="styles.xml"/>'
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{_SHEET}">{styles}</styleSheet>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_REL}">'
        f"<sheets>{listed}</sheets></workbook>",
        **{f"xl/worksheets/sheet{i}.xml": _worksheet(rows) for i, _, rows in named},
    }


def _state(is_hidden: bool) -> str:
    return ' state="hidden"' if is_hidden else ""


def _relationships(inner: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _worksheet(rows: Sequence[Sequence[Any]]) -> str:
    lines = (
        f'<row r="{i}">{"".join(_cell(i, j, value) for j, value in enumerate(row))}</row>'
        for i, row in enumerate(rows, 1)
    )
    return f'<worksheet xmlns="{_SHEET}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(row: int, column: int, value: Any) -> str:
    place = f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[column]}{row}"
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime.datetime):
        return f'<c r="{place}" s="1"><v>{(value - _DAY_0) / datetime.timedelta(days=1)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    if value.startswith("="):
        return f'<c r="{place}"><f>{escape(value[1:])}</f><v>4</v></c>'
    if value.startswith("#"):
        return f'<c r="{place}" t="e"><v>{escape(value)}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def ods(sheets: Sheets) -> bytes:
    return zipped(ods_parts(sheets))


def ods_parts(sheets: Sheets) -> dict[str, bytes | str]:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(_ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entry = f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>'
    manifest = f'<m:manifest xmlns:m="{space}">{entry}</m:manifest>'
    return {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest}


def _ods_row(row: Sequence[Any]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    text = f"<text:p>{escape(value)}</text:p>"
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


_ROWS = [["a", "b", "y"], *([i * 7 % 13, f"x{i % 3}", i % 2] for i in range(12))]


def valid() -> list[bytes]:
    day = datetime.datetime(2020, 2, 29)
    mixed = [["x", "d", "y"], [1, day, "?"], [2.5, None, 3], [None, day, 4], [True, day, "=2*2"]]
    return [xlsx({"one": _ROWS}), xlsx({"a": mixed, "b": []}), ods({"one": _ROWS})]


_HUGE = ("XFD1048576", "A1048576", "AAA99999", "ZZZZ1", "A0", "A-1", "A99999999999")
_REPEATS = ("1000000", "99999999999", "-1", "16384")


def lying(draw: Random) -> bytes:
    """Parts that were changed before they were put together, so that their checksums are right."""
    is_ods = draw.random() < 0.4
    parts = ods_parts({"one": _ROWS}) if is_ods else xlsx_parts({"one": _ROWS, "two": _ROWS[:1]})
    part = "content.xml" if is_ods else draw.choice(list(parts))
    content = parts[part]
    content = content.encode() if isinstance(content, str) else content
    if draw.random() < 0.3 and not is_ods:
        content = content.replace(b'r="B2"', f'r="{draw.choice(_HUGE)}"'.encode())
    elif draw.random() < 0.4 and is_ods:
        repeated = f'<table:table-cell table:number-columns-repeated="{draw.choice(_REPEATS)}"'
        content = content.replace(b"<table:table-cell", repeated.encode(), draw.choice((1, 5)))
        rows = f'<table:table-row table:number-rows-repeated="{draw.choice(_REPEATS)}"'
        content = content.replace(b"<table:table-row", rows.encode(), draw.choice((0, 1)))
    else:
        content = mutated.changed(content, draw)
    return zipped({**parts, part: content})
