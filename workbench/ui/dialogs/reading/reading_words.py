"""Reading words: what the settings of reading and their values are called."""

from workbench.spec.user_files.file_facts import ReadSetting, ReadValue
from workbench.ui.words.language import translator

tr = translator("BringData")


def title_of(name: str) -> str:
    """What a setting of reading is called."""
    titles = {
        "encoding": tr("Encoding"),
        "separator": tr("Separator"),
        "quote": tr("Quotation mark"),
        "decimal": tr("Decimal mark"),
        "thousands": tr("Thousands mark"),
        "header": tr("First line"),
        "comment": tr("Comments begin with"),
        "skip": tr("Lines to skip"),
        "missing_marks": tr("Means missing"),
        "date_format": tr("Dates"),
        "sheet": tr("Sheet"),
    }
    return titles.get(name, name.replace("_", " ").capitalize())


def words_of(value: ReadValue, name: str = "") -> str:
    """A value of a setting of reading in words."""
    if name == "header":
        return tr("names the columns") if value else tr("is a row")
    if isinstance(value, tuple):
        return ", ".join(value) if value else tr("nothing")
    if isinstance(value, bool | int):
        return f"{value:,}"
    known = {
        "auto": tr("as it looks"),
        "comma": tr("comma ,"),
        "semicolon": tr("semicolon ;"),
        "tab": tr("tab"),
        "bar": tr("bar |"),
        "point": tr("point ."),
        "blank": tr("blank"),
        "apostrophe": tr("apostrophe '"),
        "double": tr('double "'),
        "single": tr("single '"),
        "none": tr("none"),
        "day-first": tr("day first"),
        "month-first": tr("month first"),
    }
    plain = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)"}
    return known.get(value) or plain.get(value) or value


def guessed(setting: ReadSetting) -> str:
    """What a setting that nobody gave was taken to be."""
    if setting.value == "auto":
        return tr("guessed")
    return tr("guessed: {}").format(words_of(setting.value, setting.name))


def summary(settings: tuple[ReadSetting, ...]) -> list[str]:
    """How a file was read: what matters most, and what the user gave."""
    shown: list[str] = []
    for setting in settings:
        is_plain = setting.name not in ("encoding", "separator", "decimal", "sheet")
        if setting.is_given and setting.name == "header" and setting.value is True:
            continue
        if setting.is_given:
            shown.append(f"{title_of(setting.name)}: {words_of(setting.value, setting.name)}")
        elif not is_plain and setting.value != "auto":
            shown.append(f"{title_of(setting.name)} {guessed(setting)}")
    return shown


def offer_for(settings: tuple[ReadSetting, ...]) -> tuple[str, str, dict[str, ReadValue]] | None:
    """What would seem better: the reason, what the button says, and the settings; None: nothing."""
    proposed = [setting for setting in settings if setting.proposed is not None]
    if not proposed:
        return None
    why = next((setting.words for setting in proposed if setting.words), "")
    together = [setting for setting in proposed if setting.words == why or not setting.words]
    values = {one.name: one.proposed for one in together if one.proposed is not None}
    names = [f"{title_of(name)}: {words_of(value, name)}" for name, value in values.items()]
    return why[:1].upper() + why[1:], ", ".join(names), values
