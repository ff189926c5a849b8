from datetime import date
from pathlib import Path

import pytest

from bot.answers.content import ContentError, body_hash, load
from tests.answers.sample import SLOVENE_BODY, TOPIC_YAML, write_answer, write_faq, write_topic


def test_reads_a_folder(tmp_path: Path) -> None:
    library = load(write_faq(tmp_path))
    assert list(library.topics) == ["sample.bicycle", "sample.choir", "sample.garden"]
    topic = library["sample.bicycle"]
    assert (topic.field, topic.icon, topic.decides) == ("administrative", "🚲", "desk")
    assert (topic.checked_on, topic.review_by) == (date(2026, 11, 21), date(2027, 5, 20))
    assert (topic.legal_notice, topic.sources, topic.related) == (True, ("sample list, page 1",), ())
    assert topic.questions["en"][1] == "I bought a bike, what now?"
    answer = topic.answers["en"]
    assert (answer.title, answer.state, answer.body) == ("Sample sample.bicycle", "machine", SLOVENE_BODY)
    assert (answer.stale, answer.first_line) == (False, 6)
    assert ("sample.bicycle" in library, "no.topic" in library, len(library)) == (True, False, 3)


def test_answer_falls_back(tmp_path: Path) -> None:
    write_topic(tmp_path, "sample.bicycle")
    topic = load(tmp_path)["sample.bicycle"]
    assert topic.answer("sl").language == "sl"
    assert topic.answer("ps").language == "en"
    assert topic.answer("ps", fallback=("sl",)).language == "sl"
    assert topic.answer("ps", fallback=()).language == "en"


def test_overdue_after_the_review_day(tmp_path: Path) -> None:
    write_topic(tmp_path, "sample.bicycle")
    topic = load(tmp_path)["sample.bicycle"]
    assert topic.overdue(date(2027, 5, 20)) is False
    assert topic.overdue(date(2027, 5, 21)) is True


def test_shown_hides_what_may_have_changed(tmp_path: Path) -> None:
    place = write_topic(tmp_path, "sample.bicycle")
    write_answer(place, "en", "title: T\nstate: human\n", "It costs [[1.00 EUR]] or [[2]]. Call 112.")
    answer = load(tmp_path)["sample.bicycle"].answers["en"]
    assert answer.shown(overdue=False, instead="(ask us)") == "It costs 1.00 EUR or 2. Call 112."
    assert answer.shown(overdue=True, instead=r"(ask \1 us)") == r"It costs (ask \1 us) or (ask \1 us). Call 112."


def test_translation_of_a_changed_text_is_stale(tmp_path: Path) -> None:
    place = write_topic(tmp_path, "sample.bicycle")
    write_answer(place, "sl", "title: T\nstate: human\n", "Vzorčno besedilo je zdaj drugačno.")
    answers = load(tmp_path)["sample.bicycle"].answers
    assert (answers["en"].stale, answers["sl"].stale) == (True, False)


def test_hash_does_not_depend_on_line_ends() -> None:
    assert body_hash("a\r\nb\n") == body_hash("\na\nb") == "7e18f737311b"


def test_hash_of_digits_stays_a_text(tmp_path: Path) -> None:
    place = write_topic(tmp_path, "sample.bicycle")
    write_answer(place, "en", "title: 2026\nstate: human\nmade_from: 012345670123\n", "Sample.")
    answer = load(tmp_path)["sample.bicycle"].answers["en"]
    assert (answer.made_from, answer.title) == ("012345670123", "2026")


def test_comments_and_blank_lines_are_no_questions(tmp_path: Path) -> None:
    place = write_topic(tmp_path, "sample.bicycle")
    (place / "en.questions.txt").write_text("\ufeff# a comment\n\n  one \n#two\nthree # four\n", encoding="utf-8")
    assert load(tmp_path)["sample.bicycle"].questions["en"] == ("one", "three # four")


@pytest.mark.parametrize(
    ("line", "wrong", "number", "reason"),
    [
        ("id: sample.bicycle", "id: other", 1, "the id must be the folder's name, sample.bicycle"),
        ("field: administrative", "", 1, "`field` is missing"),
        (
            "field: administrative",
            "field: cooking",
            2,
            "`field` must be one of administrative, business, culture, events, people, slovene, work",
        ),
        ("checked_on: 2026-11-21", "checked_on: soon", 8, "`checked_on` must be a date like 2026-11-21"),
        ("legal_notice: true", "legal_notice: maybe", 10, "`legal_notice` must be one of false, true"),
        ("related: []", "related: x", 12, "`related` must be a list of words"),
        ("owner: desk", "owner: ''", 4, "`owner` must be a word or a sentence"),
        ("related: []", "related: []\ncolour: red", 13, "`colour` is no known name"),
        (
            "related: []",
            "related: [",
            13,
            "this is not YAML: expected the node content, but found '<stream end>'",
        ),
    ],
)
def test_says_what_is_wrong_in_a_topic(tmp_path: Path, line: str, wrong: str, number: int, reason: str) -> None:
    place = write_topic(tmp_path, "sample.bicycle")
    file = place / "topic.yaml"
    text = TOPIC_YAML.format(topic="sample.bicycle").replace(line, wrong)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        load(tmp_path)
    assert (raised.value.file, raised.value.line, raised.value.reason) == (file, number, reason)
    assert str(raised.value) == f"{file}, line {number}: {reason}"


@pytest.mark.parametrize(
    ("text", "number", "reason"),
    [
        ("title: x", 1, "the file must begin with a line of three dashes"),
        ("---\ntitle: x\n", 2, "the front matter has no closing line of three dashes"),
        ("---\ntitle: x\nstate: human\n---\n\n", 4, "there is no text below the front matter"),
        ("---\ntitle: x\n---\nText.", 1, "`state` is missing"),
        ("---\ntitle: x\nstate: done\n---\nText.", 3, "`state` must be one of checked, human, machine"),
        ("---\n- a\n---\nText.", 2, "lines of the form `name: value` are expected"),
        ("---\n---\nText.", 2, "lines of the form `name: value` are expected"),
    ],
)
def test_says_what_is_wrong_in_an_answer(tmp_path: Path, text: str, number: int, reason: str) -> None:
    file = write_topic(tmp_path, "sample.bicycle") / "en.md"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        load(tmp_path)
    assert (raised.value.file, raised.value.line, raised.value.reason) == (file, number, reason)


def test_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="there is no such folder"):
        load(tmp_path / "nowhere")
    (tmp_path / "sample.empty").mkdir()
    with pytest.raises(ContentError, match=r"the topic has no topic\.yaml"):
        load(tmp_path)
    (tmp_path / "sample.empty" / "topic.yaml").write_text(TOPIC_YAML.format(topic="sample.empty"), encoding="utf-8")
    with pytest.raises(ContentError, match="the topic has no text in any language"):
        load(tmp_path)
    (tmp_path / "sample.empty" / "en.md").write_bytes(b"---\n\xff")
    with pytest.raises(ContentError, match="the file is not UTF-8 at byte 4"):
        load(tmp_path)
