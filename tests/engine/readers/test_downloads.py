"""Downloads, from a server on this machine that answers well, badly and slowly."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.toys import methods
from workbench.engine.answers.dispatch import answer
from workbench.engine.build.tasks import select
from workbench.engine.readers.downloads import Source, download
from workbench.engine.roles.method import BadSpecError
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.question import CancelledError, Download, RefusedError

CONTENT = bytes(range(256)) * 4000
MD5 = hashlib.md5(CONTENT).hexdigest()
#: Set when the tests are over, so that a slow answer ends.
over = threading.Event()


class Handler(BaseHTTPRequestHandler):
    """What is asked for tells how to answer."""

    def do_GET(self) -> None:
        if self.path == "/absent":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        if self.path == "/truncated":
            self.wfile.write(CONTENT[:5000])
        elif self.path == "/corrupt":
            self.wfile.write(CONTENT[:-1] + b"?")
        elif self.path == "/slow":
            self.wfile.write(CONTENT[:50_000])
            self.wfile.flush()
            over.wait(20)
        else:
            self.wfile.write(CONTENT)

    def log_message(self, *_: Any) -> None:
        """Be quiet."""


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    over.set()
    server.shutdown()
    server.server_close()
    thread.join()


def quiet(_done: float | None, _text: str) -> None:
    pass


def fetch(base: str, name: str, folder: Path, tell: Callable[..., None] = quiet) -> None:
    download(Source(base, {name: MD5}, len(CONTENT)), folder, tell, patience_seconds=0.5)


def test_a_file_is_fetched_whole_and_progress_is_told(base: str, tmp_path: Path):
    received: list[float] = []
    fetch(base, "good", tmp_path, lambda done, _: received.append(done) if done else None)
    assert (tmp_path / "good").read_bytes() == CONTENT
    assert received[-1] == 1.0
    assert len(received) > 10


def test_what_is_there_is_not_fetched_again(base: str, tmp_path: Path):
    fetch(base, "good", tmp_path)
    fetch("http://127.0.0.1:9/", "good", tmp_path)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("corrupt", "its MD5 differs"),
        ("truncated", "could not be fetched"),
        ("slow", "could not be fetched"),
        ("absent", "404"),
    ],
)
def test_a_bad_answer_is_an_error_and_leaves_nothing(
    base: str, tmp_path: Path, name: str, reason: str
):
    with pytest.raises(OSError, match=reason):
        fetch(base, name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_download_can_be_cancelled(base: str, tmp_path: Path):
    def tell(done: float | None, _text: str) -> None:
        if done:
            raise CancelledError

    before = time.monotonic()
    with pytest.raises(CancelledError):
        fetch(base, "slow", tmp_path, tell)
    assert time.monotonic() - before < 5
    assert not list(tmp_path.iterdir())


def test_the_question_downloads_into_the_data_folder(
    base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    own = {"mnist": Source(base, {"good": MD5}, len(CONTENT))}
    monkeypatch.setattr("workbench.engine.answers.download.SOURCES", own)
    folder = answer(Download("mnist"), methods(), quiet)
    assert folder == str(tmp_path / "data" / "mnist")
    assert (Path(folder) / "good").exists()
    with pytest.raises(RefusedError, match="is not downloaded"):
        answer(Download("iris"), methods(), quiet)


@pytest.mark.parametrize("key", ["mnist", "fashion-mnist", "kmnist", "cifar-10", "cifar-100"])
def test_a_run_without_the_data_says_how_to_get_them(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    spec = Spec(tasks=(TaskChoice(family=key),))
    with pytest.raises(BadSpecError, match=f"`workbench download {key}` gets it"):
        select(spec, methods(), torch.device("cpu"))
