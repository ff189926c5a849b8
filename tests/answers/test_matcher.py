from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.content import ContentError, Library
from bot.answers.danger import Danger
from bot.answers.elsewhere import examples_of, load_abroad
from bot.answers.learnt import load_answers
from bot.answers.matcher import MAX_CHARS, Matcher
from bot.answers.phrases import Phrases, tokens_of
from bot.answers.smalltalk import Smalltalk
from tests.answers.sample import QUESTIONS, write_faq

TOPICS = set(QUESTIONS)


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return load_answers(write_faq(tmp_path_factory.mktemp("faq")))[1]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("how do I register my bicycle?", "sample.bicycle"),
        ("KUPIL SEM KOLO KAJ ZDAJ", "sample.bicycle"),
        ("документы на велосипед", "sample.bicycle"),
        ("اشتريت دراجه هوائيه", "sample.bicycle"),
        ("zelenjavni vrt za druzino", "sample.garden"),
        ("singing group for begginers", "sample.choir"),
        ("есть ли тут хор", "sample.choir"),
    ],
)
def test_sure(matcher: Matcher, text: str, topic: str) -> None:
    match = matcher.match(text)
    assert (match.kind, match.topics[0], match.why) == ("answer", topic, "sure")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "???",
        "👋",
        "qwrtz plmkn",
        "how do I get citizenship",
        "наше гражданство",
        "tell me a joke",
        "我想登记我的地址",
    ],
)
def test_unsure(matcher: Matcher, text: str) -> None:
    assert matcher.match(text).kind == "unsure"


def test_says_which_matter_it_may_be_instead(matcher: Matcher) -> None:
    assert matcher.match("dual citizenship").why == "perhaps citizenship"


@pytest.mark.parametrize("text", ["hello", "Dober dan!", "спасибо"])
def test_smalltalk(matcher: Matcher, text: str) -> None:
    assert matcher.match(text).kind == "smalltalk"


@pytest.mark.parametrize("text", ["he will kill me", "hello, I am bleeding", "112"])
def test_danger_comes_before_everything(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert (match.kind, set(match.topics)) == ("danger", TOPICS)


def test_another_country_is_never_answered_as_sure(matcher: Matcher) -> None:
    assert matcher.match("how do I register my bicycle").kind == "answer"
    abroad = matcher.match("how do I register my bicycle in Germany")
    assert (abroad.kind, abroad.topics[0]) == ("choices", "sample.bicycle")
    assert abroad.why == "another country is named"
    assert matcher.match("how do I register my bicycle from Germany in Slovenia").why != "another country is named"


def test_chosen_language_is_the_guess_where_there_is_none(matcher: Matcher) -> None:
    assert matcher.match("bicycle", "sl").language == "sl"
    assert matcher.match("bicycle", None).language is None
    assert matcher.match("как зарегистрировать мой велосипед", "sl").language == "ru"


def test_long_texts_are_cut(matcher: Matcher) -> None:
    text = "how do I register my bicycle? " * 5_000
    assert matcher.match(text) == matcher.match(text[:MAX_CHARS])


def test_learning_twice_gives_the_same(matcher: Matcher, tmp_path: Path) -> None:
    again = load_answers(write_faq(tmp_path))[1]
    for questions in QUESTIONS.values():
        for question in questions["sl"].splitlines():
            assert again.match(question, "sl") == matcher.match(question, "sl")


def test_empty_library_knows_nothing() -> None:
    nobody = Matcher(Library({}), Danger(Phrases([])), Smalltalk(Phrases([])))
    match = nobody.match("how do I register my bicycle?")
    assert (match.kind, match.topics, match.scores) == ("unsure", (), ())


def test_matters_with_a_topic_are_not_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("a.b: one; two\nc.d: three", encoding="utf-8")
    found = [(example.text, example.label, example.language) for example in examples_of(Library({}), tmp_path)]
    assert found == [("one", "a.b", "en"), ("two", "a.b", "en"), ("three", "c.d", "en")]
    (tmp_path / "en.txt").write_text("a.b one; two", encoding="utf-8")
    with pytest.raises(ContentError, match="a line of the form"):
        list(examples_of(Library({}), tmp_path))


def test_countries_are_known_in_every_script() -> None:
    abroad = load_abroad()
    for name in ("Germany", "Nemčija", "Њемачка", "Німеччина", "ألمانيا", "جرمنی", "জার্মানি"):
        assert abroad.longest_at(tokens_of(name), 0) == 1, name


TEXTS = st.text(alphabet=st.characters(), max_size=300)


@given(TEXTS, st.sampled_from([None, "sl", "ar", "xx", ""]))
def test_any_text_is_matched(matcher: Matcher, text: str, chosen: str | None) -> None:
    match = matcher.match(text, chosen)
    assert match == matcher.match(text, chosen)
    assert set(match.topics) == TOPICS
    assert list(match.scores) == sorted(match.scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in match.scores)
    assert sum(match.scores) <= 1.0001


@given(
    st.sampled_from([line for topic in QUESTIONS.values() for lines in topic.values() for line in lines.split("\n")])
)
def test_writing_big_or_without_marks_changes_no_topic(matcher: Matcher, question: str) -> None:
    plain = matcher.match(question)
    for written in (question.upper(), f"  {question} !!", question.replace("č", "c").replace("ž", "z")):
        assert matcher.match(written).topics == plain.topics
