import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.folding import fold, latin

TEXTS = st.text(alphabet=st.characters(), max_size=200)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Čakam na ŽELEZNIŠKI  postaji!", "cakam na zelezniski postaji"),
        ("Đorđe, šta ćeš?", "dorde sta ces"),
        ("S'mund të flas ç'farë", "smund te flas cfare"),
        ("Ёлка, съёмная — її є", "елка съемная іі є"),
        ("إِقَامَةٌ أُخْرىٰ", "اقامه اخری"),
        ("كتاب ي", "کتاب ی"),
        ("می‌شود", "میشود"),
        ("کتـــاب", "کتاب"),
        ("ټولګي", "ټولگی"),
        ("میرے ہاں", "میری هان"),
        ("১১২ জন", "112 জন"),
        ("۱۱۲ ١١٣", "112 113"),
        ("s.p. & d.o.o.", "s p d o o"),
        ("İSTANBUL ılık", "istanbul ilik"),
        ("ﬁne\u200b\ufeff text\u00a0here", "fine text here"),
        ("a_b-c/d", "a b c d"),
        ("👋🏽 !!!", ""),
        ("", ""),
    ],
)
def test_folds(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_bengali_vowel_signs_stay_with_their_letters() -> None:
    assert fold("হাসপাতালে যাবো") == unicodedata.normalize("NFKD", "হাসপাতালে যাবো")
    assert fold("য়") == fold(unicodedata.normalize("NFC", "য়"))


@pytest.mark.parametrize(
    ("cyrillic", "written_latin"),
    [
        ("Пријава боравишта", "Prijava boravišta"),
        ("Љубав, Њива, Џеп, Ђак, Ћуп", "Ljubav, Njiva, Džep, Đak, Ćup"),
    ],
)
def test_both_scripts_of_serbian_meet(cyrillic: str, written_latin: str) -> None:
    assert latin(fold(cyrillic)) == latin(fold(written_latin))


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_latin_twice_changes_nothing(text: str) -> None:
    assert latin(latin(fold(text))) == latin(fold(text))


@given(TEXTS)
def test_words_are_parted_by_single_spaces(text: str) -> None:
    assert fold(text) == " ".join(fold(text).split())


@given(TEXTS)
def test_case_does_not_matter(text: str) -> None:
    assert fold(text.lower()) == fold(text)


@given(TEXTS, TEXTS)
def test_two_texts_fold_apart(first: str, second: str) -> None:
    assert fold(f"{first} {second}") == f"{fold(first)} {fold(second)}".strip()


def test_every_sign_of_unicode_folds_for_good() -> None:
    moved = [code for code in range(sys.maxunicode + 1) if fold(fold(chr(code))) != fold(chr(code))]
    assert moved == []
