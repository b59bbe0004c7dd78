"""The composition root: puts the sides together, and alone knows every one of them."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.runner.local import LocalRunner
    from workbench.spec.entry import Catalogue


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

    def window(self, preset: str | None) -> int:
        """Open the window; the exit code."""
        from workbench.runner.isolated import IsolatedRunner
        from workbench.store import catalogue
        from workbench.ui import app

        return app.main(IsolatedRunner(), catalogue.cached(), preset)


def main() -> int:
    """Run the command line; without a command, the window."""
    from workbench import cli

    return cli.main(Services(), sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
