"""What people also ask: matters that the desk has no text about yet, other countries, idle talk.

To know what a question is *not* about keeps a neighbouring topic from answering it. The lists stand in the
folder `elsewhere`: `<lang>.txt` with lines `matter: phrase; phrase`, `abroad.txt` with names of countries.
"""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from bot.answers.content import ContentError, Library, read_lines
from bot.answers.phrases import Phrases
from bot.answers.scoring import Example

FOLDER = Path(str(files("bot.answers") / "elsewhere"))
_ABROAD = "abroad.txt"


def examples_of(library: Library, folder: Path = FOLDER) -> Iterator[Example]:
    """The phrases of every matter that is no topic of the library. Raises ContentError."""
    for file in sorted(folder.glob("*.txt")):
        if file.name == _ABROAD:
            continue
        for number, line in read_lines(file):
            matter, colon, phrases = line.partition(":")
            if not colon or not phrases.strip():
                raise ContentError(file, number, "a line of the form `matter: phrase; phrase` is expected")
            if matter.strip() not in library:
                for phrase in phrases.split(";"):
                    yield Example(phrase.strip(), matter.strip(), file.stem, 1.0)


def load_abroad(folder: Path = FOLDER) -> Phrases:
    """Names of countries that have offices and permits of their own. Raises ContentError."""
    return Phrases(line for _, line in read_lines(folder / _ABROAD))
