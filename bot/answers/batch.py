"""Many questions at once, one JSON object a line: the machine's way to ask."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.answers.matcher import Matcher


def answer_batch(lines: Iterable[str], matcher: Matcher) -> Iterator[dict[str, Any]]:
    """For each line `{"id", "lang", "text"}` its match, in order; for a line that is none `{"id", "error"}`.

    Empty lines are skipped. Whoever prints the results ends with an error when any of them has `error`.
    """
    for line in lines:
        if line.strip():
            yield _answer_line(line, matcher)


def _answer_line(line: str, matcher: Matcher) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return {"id": None, "error": "This line is not JSON."}
    if not isinstance(asked, dict):
        return {"id": None, "error": "This line is not a JSON object."}
    number = asked.get("id")
    if not isinstance(number, (str, int)) or isinstance(number, bool):
        return {"id": None, "error": "`id` must be a text or a number."}
    text, chosen = asked.get("text"), asked.get("lang")
    if not isinstance(text, str):
        return {"id": number, "error": "`text` must be a text."}
    if chosen is not None and not isinstance(chosen, str):
        return {"id": number, "error": "`lang` must be a language code or null."}
    match = matcher.match(text, chosen)
    return {
        "id": number,
        "kind": match.kind,
        "topics": list(match.topics),
        "scores": list(match.scores),
        "lang": match.language,
    }
