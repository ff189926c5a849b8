from datetime import date
from pathlib import Path

import pytest

from bot.answers.check import MIN_QUESTIONS, check
from bot.answers.content import body_hash, load
from bot.answers.phrases import Phrases
from bot.i18n import LANGUAGES
from tests.answers.sample import TOPIC_YAML, write_answer, write_topic

TODAY = date(2026, 12, 1)
FORTY_WORDS = "This sample sentence has exactly ten words, no more, friend. " * 4


def sound_topic(folder: Path, topic: str = "residence.single-permit") -> Path:
    """A topic with nothing to mend in English."""
    place = write_topic(folder, topic, languages=("sl",))
    write_answer(place, "sl", "title: Vzorec\nstate: human\n", FORTY_WORDS)
    body_like(place, FORTY_WORDS)
    questions = "\n".join(f"sample question {topic} {number}" for number in range(MIN_QUESTIONS))
    (place / "en.questions.txt").write_text(questions, encoding="utf-8")
    return place


def body_like(place: Path, body: str) -> None:
    write_answer(place, "en", f"title: T\nstate: machine\nmade_from: {body_hash(FORTY_WORDS)}\n", body)


def findings(folder: Path, today: date = TODAY) -> list[tuple[str, int, str, str]]:
    found = check(load(folder), today, languages=("en",))
    return [(finding.file.name, finding.line, finding.code, finding.sentence) for finding in found]


def test_sound_topic_has_no_findings(tmp_path: Path) -> None:
    sound_topic(tmp_path)
    assert findings(tmp_path) == []


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("It costs 70.00 EUR.", [("unwrapped", "The amount «70.00 EUR» must stand in [[ ]].")]),
        ("It costs [[70,00 €]] or [[EUR 50 000]].", []),
        ("It costs [[71 EUR]].", [("unverified", "The amount «71 EUR» is not among the verified ones.")]),
        ("Call [[080 11 55]], at once 112.", []),
        ("Call 080 11 55.", [("unwrapped", "The phone number «080 11 55» must stand in [[ ]].")]),
        ("Call [[01 111 22]].", [("unverified", "The number «01 111 22» is not among the verified ones.")]),
        ("Call [[112]].", [("hidden", "112 must show in an overdue text too: no [[ ]].")]),
        ("Come 8:00-12:00.", [("unwrapped", "The opening hour «8:00-12:00» must stand in [[ ]].")]),
        ("Come [[soon.", [("unwrapped", "A [[ ]] is not closed or is empty.")]),
        ("See https://a.si/ now.", [("link", "The official link is added by the program; leave it out.")]),
        ("A **bold** word.", [("markup", "Only paragraphs, «- » bullets and «1. » steps are allowed.")]),
        ("See residence.nowhere too.", [("dead-link", "The topic residence.nowhere does not exist.")]),
        ("Go to Gregorčičev drevored.", [
            ("forbidden", "«Gregorčičev»: the address of the administrative unit is not confirmed.")
        ]),
        ("one " * 29 + "end.", [("long-sentence", "«one one one one one one …» has 30 words.")]),
    ],
)  # fmt: skip
def test_finds_what_is_wrong_in_a_text(tmp_path: Path, sentence: str, found: list[tuple[str, str]]) -> None:
    place = sound_topic(tmp_path)
    body_like(place, f"{FORTY_WORDS}\n\n{sentence}")
    assert findings(tmp_path) == [("en.md", 8, code, text) for code, text in found]


def test_finds_a_text_that_is_too_short_or_stale(tmp_path: Path) -> None:
    place = sound_topic(tmp_path)
    write_answer(place, "en", "title: T\nstate: machine\nmade_from: 000000000000\n", "Three words only.")
    assert findings(tmp_path) == [
        ("en.md", 6, "length", "It has 3 words; 40 to 140 are wanted."),
        ("en.md", 6, "stale", "The Slovene text has changed since this translation was made."),
    ]
    write_answer(place, "en", f"title: {'long ' * 13}\nstate: machine\n", FORTY_WORDS)
    assert findings(tmp_path) == [
        ("en.md", 5, "stale", "It does not say which Slovene text it was made from."),
        ("en.md", 5, "title", "The title has more than 60 characters."),
    ]


def test_finds_what_is_missing(tmp_path: Path) -> None:
    place = sound_topic(tmp_path)
    (place / "en.md").unlink()
    (place / "en.questions.txt").unlink()
    assert findings(tmp_path) == [
        ("en.md", 0, "missing", "There is no text in en."),
        ("en.questions.txt", 0, "questions", "There are 0 questions in en; at least 15 are needed."),
    ]


def test_finds_what_is_wrong_in_a_topic(tmp_path: Path) -> None:
    place = sound_topic(tmp_path)
    text = TOPIC_YAML.format(topic=place.name).replace("related: []", "related: [sample.none]")
    (place / "topic.yaml").write_text(text.replace("example.org/", "example.org/deep/link"), encoding="utf-8")
    assert findings(tmp_path, date(2027, 5, 21)) == [
        ("topic.yaml", 1, "dead-link", "The related topic sample.none does not exist."),
        ("topic.yaml", 1, "overdue", "It was to be looked at again by 2027-05-20."),
        ("topic.yaml", 1, "url", "The official address must be the root page of an https site."),
    ]
    sentence = "checked_on must not be in the future, and review_by must come after it."
    assert ("topic.yaml", 1, "dates", sentence) in findings(tmp_path, date(2026, 1, 1))


def test_finds_a_question_that_two_topics_claim(tmp_path: Path) -> None:
    first, second = sound_topic(tmp_path, "sample.first"), sound_topic(tmp_path, "sample.second")
    for place in (first, second):
        with (place / "en.questions.txt").open("a", encoding="utf-8") as file:
            file.write("\nWhere is the SAMPLE?\n")
    assert findings(tmp_path) == [
        ("en.questions.txt", 0, "shared", "«where is the sample» is also a question of sample.second."),
        ("en.questions.txt", 0, "shared", "«where is the sample» is also a question of sample.first."),
    ]


def test_languages_of_the_release_are_the_default(tmp_path: Path) -> None:
    sound_topic(tmp_path)
    missing = [finding.file.name for finding in check(load(tmp_path), TODAY) if finding.code == "missing"]
    assert missing == sorted(f"{language}.md" for language in LANGUAGES if language not in {"sl", "en"})


def test_a_topic_that_hands_over_may_be_short(tmp_path: Path) -> None:
    place = sound_topic(tmp_path)
    body_like(place, "Nobody has checked this yet. " * 3)
    questions = "\n".join(f"sample question {number}" for number in range(8))
    (place / "en.questions.txt").write_text(questions, encoding="utf-8")
    assert [code for _name, _line, code, _sentence in findings(tmp_path)] == ["length", "questions"]
    file = place / "topic.yaml"
    file.write_text(f"{file.read_text(encoding='utf-8')}handover: true\n", encoding="utf-8")
    assert findings(tmp_path) == []


def test_finds_words_of_officials(tmp_path: Path) -> None:
    place = sound_topic(tmp_path)
    body_like(place, f"{FORTY_WORDS} Come here pursuant to the law.")
    found = check(load(tmp_path), TODAY, languages=("en",), jargon=Phrases(["pursuant to", "hereinaft*"]))
    assert [(one.code, one.sentence) for one in found] == [
        ("jargon", "«pursuant to» is a word of officials; say it in words of every day.")
    ]
