"""Written: predictions as the files of other programs."""

import csv
import io
from pathlib import Path

from workbench.spec.files import write_whole
from workbench.spec.text import csv_text
from workbench.spec.trained.prediction import Prediction, columns_of


def csv_of(prediction: Prediction) -> str:
    """A prediction as CSV, whose texts a spreadsheet shows and does not calculate."""
    columns = columns_of(prediction)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([csv_text(name) for name in columns])
    safe = [[csv_text(v) if isinstance(v, str) else v for v in c] for c in columns.values()]
    writer.writerows(zip(*safe, strict=True))
    return text.getvalue()


def write_prediction(prediction: Prediction, path: Path) -> None:
    """Write a CSV or Parquet file, by its name, whole or not at all. Raises OSError."""
    if path.suffix.lower() != ".parquet":
        write_whole(path, csv_of(prediction).encode("utf-8"))
        return
    import pyarrow as pa
    from pyarrow import parquet

    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table({n: list(v) for n, v in columns_of(prediction).items()}), sink)
    write_whole(path, sink.getvalue().to_pybytes())
