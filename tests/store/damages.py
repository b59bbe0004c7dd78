"""Damages: what disks, people and other programs do to a home, drawn at random from a seed."""

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

#: Values that JSON may hold and no field expects.
_VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    3,
    10**30,
    -0.5,
    1e308,
    float("nan"),
    "",
    "x",
    "nan",
    "\ud800",
    [],
    {},
    [[1, 2]],
    ["x"],
    {"a": 1},
)


def mutated(value: Any, rng: random.Random) -> Any:
    """JSON data with one part of it, however deep, another."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        items = cast("dict[str, Any]", value)
        key = rng.choice(list(items))
        match rng.randrange(8):
            case 0:
                return {k: v for k, v in items.items() if k != key}
            case 1:
                return {**items, "more": rng.choice(_VALUES)}
            case _:
                return {**items, key: mutated(items[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.8:
        parts = list(cast("list[Any]", value))
        at = rng.randrange(len(parts))
        match rng.randrange(4):
            case 0:
                del parts[at]
            case 1:
                parts.insert(at, rng.choice([*_VALUES, parts[at]]))
            case _:
                parts[at] = mutated(parts[at], rng)
        return parts
    return rng.choice(_VALUES)


def in_bytes(content: bytes, rng: random.Random) -> bytes:
    """The content of a file, damaged as a disk does."""
    size = len(content)
    match rng.randrange(8):
        case 0:
            return b""
        case 1:
            return content[: rng.randrange(size + 1)]
        case 2:
            changed = bytearray(content)
            for _ in range(rng.randint(1, 20)):
                if size:
                    changed[rng.randrange(size)] ^= 1 << rng.randrange(8)
            return bytes(changed)
        case 3:
            at = rng.randrange(size + 1)
            return content[:at] + b"\0" * (size - at)
        case 4:
            return content + rng.randbytes(rng.randint(1, 300))
        case 5:
            return rng.randbytes(size)
        case 6:
            a, b = sorted((rng.randrange(size + 1), rng.randrange(size + 1)))
            return content[:a] + content[b:]
        case _:
            return rng.choice([b"[", b'{"a":', b"- "]) * 100_000


def in_lines(content: bytes, rng: random.Random) -> bytes:
    """Lines of JSON, or one JSON document, with some of it other than any program writes."""
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    match rng.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, rng.choice(lines))
        case 2:
            other = rng.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case _:
            try:
                line = json.loads(lines[at])
            except ValueError:
                lines[at] = b"{"
            else:
                lines[at] = json.dumps(mutated(line, rng)).encode()
    return b"\n".join(lines)


def in_document(content: bytes, rng: random.Random) -> bytes:
    """A JSON document with some of it other than any program writes."""
    try:
        return json.dumps(mutated(json.loads(content), rng)).encode()
    except ValueError:
        return b"{}"


def file_of(folder: Path, rng: random.Random) -> Path | None:
    """One of the files under a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return rng.choice(files) if files else None


def _content(folder: Path, rng: random.Random) -> None:
    path = file_of(folder, rng)
    if path is None:
        return
    content = path.read_bytes()
    by_kind = {".jsonl": in_lines, ".json": in_document}.get(path.suffix, in_bytes)
    path.write_bytes(rng.choice([in_bytes, by_kind, by_kind])(content, rng))


def _gone(folder: Path, rng: random.Random) -> None:
    for _ in range(rng.choice([1, 1, 2, 3])):
        path = file_of(folder, rng)
        if path is not None:
            path.unlink()


def _other_kind(folder: Path, rng: random.Random) -> None:
    path = file_of(folder, rng)
    if path is None:
        return
    path.unlink()
    make: Callable[[Path], object] = rng.choice(
        [
            Path.mkdir,
            os.mkfifo,
            lambda at: at.symlink_to(at),
            lambda at: at.symlink_to(at.parent / "nowhere"),
            lambda at: at.symlink_to("/dev/null"),
            lambda at: at.symlink_to("/dev/zero"),
        ]
    )
    make(path)


def _renamed(folder: Path, rng: random.Random) -> None:
    names = [b"new\nline", b"caf\xe9", b"a b", b"[b]x", b"%s{}", b"x" * 200, "任务".encode()]
    folder.rename(folder.with_name(os.fsdecode(rng.choice(names) + str(rng.random()).encode())))


def _taken_away(folder: Path, rng: random.Random) -> None:
    del rng
    shutil.rmtree(folder)


def _a_file_instead(folder: Path, rng: random.Random) -> None:
    shutil.rmtree(folder)
    folder.write_bytes(rng.randbytes(10))


def _nested(folder: Path, rng: random.Random) -> None:
    del rng
    inside = folder / "inside" / folder.name
    inside.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.is_file() and not path.is_symlink():
            shutil.copy(path, inside)


def _left_by_a_kill(folder: Path, rng: random.Random) -> None:
    (folder / ".summary.json.abcd").write_bytes(rng.randbytes(9))
    claims = [b"", b"{}", b'{"pid": 1}', b'{"pid": "x"}']
    (folder / "recording.json").write_bytes(rng.choice(claims))


#: What may befall the directory of a run.
OF_A_RUN: tuple[Callable[[Path, random.Random], None], ...] = (
    _content,
    _content,
    _content,
    _gone,
    _other_kind,
    _renamed,
    _taken_away,
    _a_file_instead,
    _nested,
    _left_by_a_kill,
)


def of_the_index(home: Path, rng: random.Random) -> None:
    """What may befall the cache, and the files that SQLite leaves beside it."""
    path = home / "index.sqlite"
    if path.is_dir():
        return
    match rng.randrange(6):
        case 0:
            path.unlink(missing_ok=True)
        case 1:
            path.unlink(missing_ok=True)
            path.mkdir(exist_ok=True)
        case 2:
            name = rng.choice(["-journal", "-wal", "-shm"])
            path.with_name(path.name + name).write_bytes(rng.randbytes(rng.choice([0, 30, 5000])))
        case 3:
            lines = [b"[1]\n", b'"/nowhere"\n', b'"relative"\n', b"\xff", b'"/a\\u0000"']
            with (home / "elsewhere.jsonl").open("ab") as file:
                file.write(rng.choice(lines))
        case _:
            if path.is_file():
                path.write_bytes(in_bytes(path.read_bytes(), rng))
