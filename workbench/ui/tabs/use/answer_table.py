"""AnswerTable: predictions as a table to read, a row each, the first few thousand."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView

from workbench.spec.text import visible
from workbench.spec.trained.prediction import Prediction, columns_of

_Index = QModelIndex | QPersistentModelIndex


class _Answers(QAbstractTableModel):
    """The columns of a prediction; texts are made as they are looked at."""

    def __init__(self) -> None:
        super().__init__()
        self._names: list[str] = []
        self._columns: list[object] = []
        self._n = 0

    def set_prediction(self, prediction: Prediction | None) -> None:
        """Show this one; None: nothing."""
        self.beginResetModel()
        columns = columns_of(prediction) if prediction is not None else {}
        self._names, self._columns = list(columns), list(columns.values())
        self._n = prediction.n_rows if prediction is not None else 0
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._n

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._names)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        value = self._columns[index.column()][index.row()]  # pyright: ignore
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{value:.4g}" if isinstance(value, float) else visible(str(value))
        if role == Qt.ItemDataRole.TextAlignmentRole and isinstance(value, float):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return section + 1
        return visible(self._names[section])


class AnswerTable(QTableView):
    """What a model says, a row each."""

    def __init__(self) -> None:
        super().__init__()
        self._answers = _Answers()
        self.setModel(self._answers)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setAccessibleName("predictions")

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show this one; None: nothing."""
        self._answers.set_prediction(prediction)
