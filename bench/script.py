"""What the people of the benchmark say, read from a file."""

from dataclasses import dataclass
from pathlib import Path

DEFAULT = Path(__file__).with_name("people.txt")


@dataclass(frozen=True, slots=True)
class Script:
    """The steps of first contact, then the questions."""

    first_contact: tuple[str, ...]
    questions: tuple[str, ...]


def read(path: Path = DEFAULT) -> Script:
    """Raises ValueError when there is no question."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    cut = next((place for place, line in enumerate(lines) if set(line) == {"-"}), -1)
    questions = tuple(lines[cut + 1 :])
    if not questions:
        raise ValueError(f"no questions below the dashes of {path.name}")
    return Script(tuple(lines[: max(cut, 0)]), questions)


def wanted_button(step: str) -> str | None:
    """The words of a step that presses a button."""
    return step[1:-1] if step.startswith("[") and step.endswith("]") else None
