"""What could name somebody is taken out of a question, and the question stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.masking import _LETTER, _MARKS, MASK, masked

AROUND = st.text(st.sampled_from("abc čšž ,.?!\nдаانক 12"), max_size=30)
DIGITS = st.text("0123456789", min_size=6, max_size=19)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("my name is sample and i need a doctor", "my name is ••• and i need a doctor"),
        ("My name is Sample Person, where is the office?", "My name is •••, where is the office?"),
        ("ime mi je Vzorec Primer.", "ime mi je •••."),
        ("pišem se vzorec", "pišem se •••"),
        ("Zovem se Primjer i tražim posao", "Zovem se ••• i tražim posao"),
        ("зовем се Пример, тражим посао", "зовем се •••, тражим посао"),
        ("Quhem Shembull dhe kërkoj punë", "Quhem ••• dhe kërkoj punë"),
        ("се викам Пример и барам работа", "се викам ••• и барам работа"),
        ("Меня зовут Образец, где врач?", "Меня зовут •••, где врач?"),
        ("мене звати Зразок і я шукаю роботу", "мене звати ••• і я шукаю роботу"),
        ("me llamo Ejemplo Prueba y busco trabajo", "me llamo ••• y busco trabajo"),
        ("اسمي عينة وأريد عملا", "اسمي ••• وأريد عملا"),
        ("نام من نمونه است", "نام من ••• است"),
        ("زما نوم نمونه ده", "زما نوم ••• ده"),
        ("میرا نام نمونہ ہے", "میرا نام ••• ہے"),
        ("আমার নাম নমুনা আমি ডাক্তার খুঁজছি", "আমার নাম ••• আমি ডাক্তার খুঁজছি"),
        ("my husband Sample lost his job", "my husband ••• lost his job"),
        ("moja žena Vzorka je noseča", "moja žena ••• je noseča"),
        ("моя жена Проба беременна", "моя жена ••• беременна"),
        ("Can Sample Person come with me?", "Can ••• come with me?"),
        ("I live at Vzorčna cesta 12a now", "I live ••• now"),
        ("Ulica 1. maja 1B", "•••"),
        ("stanujem na ulici Vzorčna 5, Postojna", "stanujem na •••, Postojna"),
        ("улица Пробная 5", "•••"),
        ("شارع النموذج 5", "•••"),
        ("see https://example.org/x?token=1 please", "see ••• please"),
        ("write to @sample_person", "write to •••"),
        ("my car is LJ AB-123", "my car is •••"),
    ],
)
def test_names_and_addresses_are_masked(words: str, kept: str) -> None:
    assert masked(words) == kept


@pytest.mark.parametrize(
    "words",
    [
        "How do I go to Upravna Enota Postojna?", "Is Nova Gorica far?", "Where Can I Get A Tax Number",
        "Do I need Slovene A1 for Permanent Residence Permit?", "Kje je Center za socialno delo?",
        "my husband lost his job", "what is my name in the register", "the street is dark", "Rok je 30 dni.",
        "как получить ВНЖ в Словении", "bus 12 at 8:30", "70 EUR", "Dobar Dan", "my son is 5",
    ],
)  # fmt: skip
def test_ordinary_questions_stay_as_they_are(words: str) -> None:
    assert masked(words) == words


@given(AROUND, DIGITS, AROUND)
def test_no_long_number_is_left(before: str, number: str, after: str) -> None:
    assert re.search(r"\d{6,}", masked(f"{before} {number} {after}")) is None


@given(AROUND, st.from_regex(r"\A[a-z]{1,8}\.[a-z]{1,8}@[a-z]{1,8}\.[a-z]{2,3}\Z"), AROUND)
def test_no_mail_address_is_left(before: str, address: str, after: str) -> None:
    assert address not in masked(f"{before} {address} {after}")
    assert "@" not in masked(f"{before} {address} {after}")


@given(
    AROUND,
    st.sampled_from(["+386 41 123 456", "041/123-456", "(041) 123 456", "SI56 0234 0000 0000 045", "0101990500123"]),
)
def test_no_phone_account_or_emso_is_left(before: str, number: str) -> None:
    assert number not in masked(f"{before} {number}")


PIECES = st.sampled_from(
    [
        "my name is",
        "Sample",
        "Person",
        "cesta",
        "12",
        "041 123 456",
        "и",
        "меня зовут",
        ".",
        ",",
        "a@b.si",
        "•••",
        "ulica",
        "A1",
    ]
)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_masking_twice_changes_nothing_more(words: str) -> None:
    once = masked(words)
    assert masked(once) == once


@given(st.text(max_size=200))
def test_any_text_can_be_masked(words: str) -> None:
    assert isinstance(masked(words), str)


def test_no_sign_is_both_a_letter_and_a_mark() -> None:
    # Else a long word would be tried in every way of taking it apart.
    both = [sign for sign in map(chr, range(0x110000)) if re.match(_LETTER, sign) and re.match(f"[{_MARKS}'’-]", sign)]
    assert both == []
    assert MASK == "•••"
