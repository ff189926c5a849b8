"""What the desk changes counts above the files, and comes out again as files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answers.content import Library, body_hash, load
from bot.answers.edited import lessons_of, with_edits
from bot.answers.export import export
from bot.answers.lessons import Lesson
from bot.answers.matcher import Matcher
from bot.console.texts import clean
from bot.domain.db import new_id
from bot.domain.edits import Edits, QuestionEdit, TextEdit
from tests.answers.sample import SLOVENE_BODY, write_faq

BICYCLE, GARDEN = "sample.bicycle", "sample.garden"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_faq(tmp_path_factory.mktemp("faq"))


def text(topic: str, language: str, body: str | None, **more: object) -> TextEdit:
    values = {"title": "Sample", "state": "human", "made_from": None, "over": "", "verified_on": None, **more}
    return TextEdit(id=new_id(), topic=topic, language=language, body=body, staff_id=1, at=NOW, **values)


def question(topic: str, language: str, words: str, *, added: bool = True) -> QuestionEdit:
    return QuestionEdit(id=new_id(), topic=topic, language=language, text=words, added=added, staff_id=1, at=NOW)


def exported(folder: Path, to: Path, edits: Edits) -> Library:
    shipped = load(folder)
    for name, content in export(folder, shipped, with_edits(shipped, edits), edits):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        (to / name).write_bytes(content)
    return load(to)


def test_without_edits_the_library_is_as_shipped(folder: Path, tmp_path: Path) -> None:
    shipped = load(folder)
    assert with_edits(shipped, Edits()) == shipped
    assert exported(folder, tmp_path, Edits()) == shipped
    files = {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert {file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == files


def test_a_changed_source_makes_its_translations_stale_until_somebody_looks(folder: Path) -> None:
    shipped = load(folder)
    changed = text(BICYCLE, "sl", "Novo vzorčno besedilo.")
    library = with_edits(shipped, Edits((changed,)))
    assert (library[BICYCLE].answers["sl"].body, library[BICYCLE].answers["sl"].stale) == (
        "Novo vzorčno besedilo.",
        False,
    )
    assert library[BICYCLE].answers["en"].stale
    assert library[GARDEN] == shipped[GARDEN]
    looked = text(BICYCLE, "en", "New sample text.", made_from=body_hash("Novo vzorčno besedilo."), state="checked")
    library = with_edits(shipped, Edits((changed, looked)))
    assert (library[BICYCLE].answers["en"].state, library[BICYCLE].answers["en"].stale) == ("checked", False)


def test_a_text_in_a_new_language_and_the_shipped_one_again(folder: Path) -> None:
    shipped = load(folder)
    fresh = text(BICYCLE, "es", "Texto de prueba.", made_from=body_hash(SLOVENE_BODY))
    assert with_edits(shipped, Edits((fresh,)))[BICYCLE].answers["es"].stale is False
    assert with_edits(shipped, Edits((text(BICYCLE, "en", None),))) == shipped
    assert with_edits(shipped, Edits((text("no.topic", "en", "x"),))) == shipped


def test_facts_that_were_asked_are_good_for_as_long_again(folder: Path) -> None:
    asked = text(BICYCLE, "sl", SLOVENE_BODY, verified_on=date(2027, 1, 10))
    topic = with_edits(load(folder), Edits((asked,)))[BICYCLE]
    assert (topic.checked_on, topic.review_by) == (date(2027, 1, 10), date(2027, 7, 9))
    assert not topic.answers["en"].stale
    early = text(BICYCLE, "sl", SLOVENE_BODY, verified_on=date(2026, 1, 10))
    assert with_edits(load(folder), Edits((early,)))[BICYCLE].checked_on == date(2026, 11, 21)


def test_questions_are_added_and_taken_away(folder: Path) -> None:
    edits = Edits((), (question(BICYCLE, "en", "my tandem"), question(BICYCLE, "en", "my new bike", added=False),
                       question(BICYCLE, "bn", "আমার সাইকেল")))  # fmt: skip
    asked = with_edits(load(folder), edits)[BICYCLE].questions
    assert asked["en"][-1] == "my tandem"
    assert "my new bike" not in asked["en"]
    assert asked["bn"] == ("আমার সাইকেল",)


def test_an_added_question_is_understood_at_once(folder: Path) -> None:
    library = load(folder)
    matcher = Matcher(library, folder / "_words")
    words = "the frame number was scratched off"
    before = matcher.match(words, "en")
    edits = Edits(
        (), (question(GARDEN, "en", words), question("~other", "en", "sell my phone"), question("no.topic", "en", "x"))
    )
    lessons = lessons_of(library, edits)
    assert lessons == [Lesson(words, GARDEN), Lesson("sell my phone", "~other")]
    taught = matcher.taught(lessons)
    assert (taught.match(words, "en").kind, taught.match(words, "en").topics[0]) == ("answer", GARDEN)
    assert matcher.match(words, "en") == before


def test_what_was_changed_comes_out_as_files(folder: Path, tmp_path: Path) -> None:
    edits = Edits(
        (
            text(BICYCLE, "sl", "Novo.\n\n- ena\n- dve", title="Kolo: nova pravila", verified_on=date(2027, 1, 10)),
            text(BICYCLE, "ar", "نص تجريبي", title='#1 «x» "y"', made_from="0123456789ab"),
        ),
        (question(BICYCLE, "en", "my tandem"), question(BICYCLE, "en", "my new bike", added=False),
         question("~other", "en", "sell my phone"), question("~other", "bn", "ফোন বিক্রি")),
    )  # fmt: skip
    assert exported(folder, tmp_path, edits) == with_edits(load(folder), edits)
    assert (tmp_path / "_words/elsewhere/en.txt").read_text().splitlines()[-1] == "other: sell my phone"
    assert (tmp_path / "_words/elsewhere/bn.txt").read_text() == "other: ফোন বিক্রি\n"
    assert Matcher(load(tmp_path), tmp_path / "_words").match("sell my phone", "en").kind != "answer"


def test_comments_of_a_question_file_stay(folder: Path, tmp_path: Path) -> None:
    write_faq(tmp_path / "faq")
    file = tmp_path / "faq" / GARDEN / "en.questions.txt"
    file.write_text("# by the gardeners\ngarden price\n\nwhere can I rent a garden\n", encoding="utf-8")
    edits = Edits((), (question(GARDEN, "en", "garden price", added=False), question(GARDEN, "en", "a bed for beans")))
    exported(tmp_path / "faq", tmp_path / "out", edits)
    assert (tmp_path / "out" / GARDEN / "en.questions.txt").read_text(encoding="utf-8") == (
        "# by the gardeners\n\nwhere can I rent a garden\na bed for beans\n"
    )


LINES = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=LINES, body=st.lists(LINES, max_size=5).map("\n".join), state=st.sampled_from(["machine", "human", "checked"])
)
def test_whatever_is_typed_survives_the_round_trip(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, title: str, body: str, state: str
) -> None:
    title, body = clean(title).replace("\n", " "), clean(body)
    if not title or not body:
        return
    edits = Edits((text(BICYCLE, "en", body, title=title, state=state, made_from=body_hash(SLOVENE_BODY)),))
    assert exported(folder, tmp_path_factory.mktemp("out"), edits) == with_edits(load(folder), edits)
