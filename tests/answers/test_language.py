import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.language import guess, offers_switch


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kako lahko prijavim stalno prebivališče?", "sl"),
        ("How can I find a doctor for my children?", "en"),
        ("Gdje mogu dobiti potvrdu, ne znam šta da radim", "bs"),
        ("Si mund ta regjistroj adresën time?", "sq"),
        ("¿Dónde puedo aprender esloveno gratis?", "es"),
        ("Где я могу найти врача для детей?", "ru"),
        ("Де я можу знайти лікаря для дитини?", "uk"),
        ("Где могу да пријавим боравиште, не знам ћирилицу", "sr"),
        ("Каде можам да најдам лекар за моето дете?", "mk"),
        ("كيف يمكنني تسجيل عنواني الجديد؟", "ar"),
        ("چگونه می‌توانم آدرس خود را ثبت کنم؟", "fa"),
        ("زه څنګه کولی شم خپل ماشوم ښوونځي ته واستوم؟", "ps"),
        ("میں اپنے بچے کو سکول میں کیسے داخل کروں؟", "ur"),
        ("আমি কিভাবে ডাক্তার খুঁজে পাব?", "bn"),
    ],
)
def test_guesses(text: str, language: str) -> None:
    assert guess(text).language == language
    other = "ru" if language == "en" else "en"
    assert (offers_switch(text, language), offers_switch(text, other)) == (None, language)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "112",
        "👍👍👍",
        "TRC",
        "Je ne parle pas encore la langue de ce pays",
        "Ich möchte meine Adresse anmelden",
        "Merhaba, adresimi nasıl kaydettirebilirim?",
        "upravna enota где находится этот офис dober dan hvala",
        "我想登记我的地址",
    ],
)
def test_does_not_guess_what_is_short_mixed_or_foreign(text: str) -> None:
    assert guess(text).language is None
    assert offers_switch(text, "sl") is None


def test_latin_text_of_a_serbian_speaker_is_left_alone() -> None:
    assert offers_switch("Gdje mogu dobiti potvrdu, ne znam šta da radim", "sr") is None
    assert offers_switch("Где могу да пријавим боравиште, не знам ћирилицу", "bs") == "sr"


def test_one_word_in_another_script_is_enough_to_offer() -> None:
    assert offers_switch("হাসপাতাল", "sl") == "bn"
    assert offers_switch("zdravnik", "en") is None


def test_counts_words() -> None:
    assert guess("Kako lahko prijavim 2 naslova?").words == 4


@given(st.text(alphabet=st.characters(), max_size=300), st.sampled_from([None, "sl", "ar", "xx"]))
def test_any_text_has_a_guess(text: str, chosen: str | None) -> None:
    found = guess(text, chosen)
    assert 0.0 <= found.probability <= 1.0
    assert (found.language is None) == (found.probability == 0.0)
    assert found == guess(text, chosen)


@given(st.text(alphabet=st.characters(), max_size=300))
def test_never_offers_the_chosen_language(text: str) -> None:
    assert offers_switch(text, "sl") != "sl"
