"""Download: fetch a family's data, with a bar, until it is there or Ctrl+C."""

import sys

from workbench.cli import BAD, DONE, FAILED, INTERRUPTED, output
from workbench.cli.services import Services
from workbench.spec.question import Download, RefusedError
from workbench.spec.text import visible


def download(services: Services, key: str, *, is_quiet: bool) -> int:
    """Fetch the data of a family; returns the exit code."""
    runner = services.runner()
    is_shown = not is_quiet and sys.stderr.isatty()

    def tell(done: float | None, text: str) -> None:
        if is_shown:
            share = "" if done is None else f" {done:4.0%}"
            output.show_state(f"{text}{share}")

    try:
        folder = runner.ask(Download(key), tell)
    except RefusedError as error:
        output.remark(str(error))
        return BAD if error.field else FAILED
    except KeyboardInterrupt:
        output.remark("stopped; what was fetched whole is kept")
        return INTERRUPTED
    finally:
        if is_shown:
            output.show_state(None)
        runner.close()
    output.emit(visible(folder))
    return DONE
