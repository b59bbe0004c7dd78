"""Report: runs as one page that opens from a disk, without a network and without a script."""
