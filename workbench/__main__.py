"""The composition root: puts the sides together, and alone knows every one of them."""

import gc
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.runner.cluster import ClusterPool
    from workbench.runner.local import LocalRunner
    from workbench.runner.pool import Pool
    from workbench.spec.entry import Catalogue
    from workbench.spec.experiments.resources import Resources
    from workbench.spec.question import Columns
    from workbench.spec.user_files.file_facts import FileFacts


class Services:
    """What the command line needs of the other sides; each is imported when first used."""

    def catalogue(self) -> "Catalogue":
        """The catalogue, from disk if nothing has changed since."""
        from workbench.store import catalogue

        return catalogue.cached() or self.runner().catalogue()

    def runner(self) -> "LocalRunner":
        """A runner in this process."""
        from workbench.runner.local import LocalRunner

        return LocalRunner()

    def first_look(self, question: "Columns") -> "FileFacts | None":
        """What is in a file of the user's, by its first rows; None where it cannot be read.

        Without torch, so that it is there at once.
        """
        from workbench.engine.answers import columns
        from workbench.engine.readers.errors import DataError
        from workbench.engine.roles.method import BadSpecError

        try:
            return columns.answer(question, None, lambda _share, _text: None)
        except (DataError, BadSpecError, OSError):  # what is wrong is said when it is read
            return None

    def pool(self, n_children: int) -> "Pool":
        """Warm children for so many runs at once."""
        from workbench.runner.pool import Pool

        pool = Pool(n_children)
        pool.warm()
        return pool

    def cluster(
        self, address: str, n_children: int | None, resources: "Resources | None" = None
    ) -> "ClusterPool":
        """The machines of a Ray cluster."""
        from workbench.runner.cluster import ClusterPool

        return ClusterPool(address, n_children, resources)

    def window(self, preset: str | None, *, in_process: bool = False) -> int:
        """Open the window; the exit code. Without a display, say what works without one."""
        if not _has_display():
            sys.stderr.write(
                "workbench: there is no display to open a window on; "
                "`workbench run PRESET` trains without one\n"
            )
            return 4
        # Nothing of what is imported is ever garbage; the window itself says when to collect.
        gc.disable()
        from workbench.runner.isolated import IsolatedRunner
        from workbench.store import catalogue
        from workbench.ui import application

        runner = self.runner() if in_process else IsolatedRunner()
        return application.main(runner, catalogue.cached(), preset)


def _has_display() -> bool:
    """Whether Qt would find a screen: it ends the process where it does not."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def main() -> int:
    """Run the command line; without a command, the window."""
    from workbench import cli

    return cli.main(Services(), sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
