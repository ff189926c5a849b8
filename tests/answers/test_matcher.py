from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.bank import ELSEWHERE, examples_of
from bot.answers.content import ContentError, Library, read_lines
from bot.answers.learnt import load_answers
from bot.answers.lessons import Lesson
from bot.answers.matcher import MAX_CHARS, Matcher
from bot.answers.phrases import Phrases, tokens_of
from bot.paths import FAQ
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


def test_explains_itself_by_words(matcher: Matcher) -> None:
    assert matcher.explain("a choir rehearsal tomorrow", "sample.choir")[:2] == ("choir", "rehearsal")
    assert matcher.explain("please", "no.topic") == ()


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


def test_empty_library_knows_nothing(tmp_path: Path) -> None:
    nobody = Matcher(Library({}), write_faq(tmp_path) / "_words")
    match = nobody.match("how do I register my bicycle?")
    assert (match.kind, match.topics, match.scores) == ("unsure", (), ())


def test_what_was_taught_counts_at_once_and_its_like(matcher: Matcher) -> None:
    asked = "the thing with two wheels makes a noise"
    assert matcher.match(asked).kind == "unsure"
    taught = matcher.taught([Lesson(asked, "sample.bicycle"), Lesson("my peas are dry", ELSEWHERE)])
    for text in (asked, "the thing with two wheels makes noise!"):
        match = taught.match(text)
        assert (match.kind, match.topics[0]) == ("answer", "sample.bicycle")
    assert taught.match("my peas are dry").kind == "unsure"
    assert matcher.match(asked).kind == "unsure"


def test_a_question_taken_off_the_list_is_not_sure_any_more(matcher: Matcher) -> None:
    asked = "bicycle papers"
    assert (matcher.match(asked).kind, matcher.match(asked).topics[0]) == ("answer", "sample.bicycle")
    without = matcher.taught([], dropped=[Lesson("Bicycle papers!", "sample.bicycle")])
    assert without.match(asked).kind == "unsure"
    assert without.match("my new bike").topics[0] == "sample.bicycle"


def test_lists_say_what_is_elsewhere_and_what_is_danger(tmp_path: Path) -> None:
    words = write_faq(tmp_path) / "_words"
    found = [(one.text, one.label, one.language, one.danger) for one in examples_of(Library({}), words)]
    assert ("tell me a joke", "~chat", "en", False) in found
    assert ("она не дышит", None, "ru", True) in found
    assert ("who repairs a door", None, "en", False) in found
    (words / "elsewhere" / "en.txt").write_text("no kind", encoding="utf-8")
    with pytest.raises(ContentError, match="a line of the form"):
        list(examples_of(Library({}), words))


def test_countries_are_known_in_every_script() -> None:
    abroad = Phrases(line for _, line in read_lines(FAQ / "_words" / "abroad.txt"))
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
