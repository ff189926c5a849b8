"""Writing one word the way everybody who types it in a hurry writes it."""

import unicodedata

# Latin marks, tatweel, Arabic vowel and hamza marks, Koranic signs; vowel signs of Bengali stay.
_MARKS = frozenset(
    chr(code)
    for first, last in (
        (0x300, 0x36F), (0x610, 0x61A), (0x640, 0x640), (0x64B, 0x65F), (0x670, 0x670),
        (0x6D6, 0x6DC), (0x6DF, 0x6E4), (0x6E7, 0x6ED),
    )
    for code in range(first, last + 1)
)  # fmt: skip
# Zero-width signs, soft hyphen, direction marks, apostrophes inside a word ("s'mund", "об'єкт").
_UNSEEN = frozenset(
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff'`´ʼ‘’‛′"
)
# Folds kept in memory: more than all letters of the desk's languages, less than all of Unicode.
_KNOWN_SIGNS = 20_000

_LETTERS = {
    # Latin letters that have no separate mark
    "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe",
    # Arabic script: one sign for each letter that differs only by keyboard or ending
    "ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ۑ": "ی", "ێ": "ی", "ے": "ی", "ۓ": "ی",
    "ك": "ک", "ڪ": "ک", "ګ": "گ", "ڭ": "گ",
    "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۃ": "ه", "ۀ": "ه", "ۂ": "ه",
    "ٱ": "ا", "ٲ": "ا", "ٳ": "ا", "ں": "ن", "ۆ": "و", "ء": "",
}  # fmt: skip

# One Latin spelling for the Cyrillic alphabets; their marks are off by then (й is и, ё is е, ї is і).
_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ђ": "d", "е": "e", "є": "e", "ж": "z",
        "з": "z", "ѕ": "dz", "и": "i", "і": "i", "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m", "н": "n",
        "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "c", "у": "u", "ф": "f", "х": "h",
        "ц": "c", "ч": "c", "џ": "dz", "ш": "s", "щ": "sc", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "ju",
        "я": "ja",
    }
)  # fmt: skip


class _Folds(dict[int, str]):
    """What each sign folds to, worked out when the sign is first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_sign(chr(code))
        if len(self) < _KNOWN_SIGNS:
            self[code] = folded
        return folded


_folds = _Folds()


def fold(text: str) -> str:
    """Lower case, no marks, one form of each letter, ASCII digits, single spaces between words."""
    return " ".join(text.translate(_folds).split())


def _fold_sign(sign: str) -> str:
    folded = sign
    for _ in range(4):  # a compatibility form may open into signs that fold again
        before, folded = folded, "".join(map(_open, unicodedata.normalize("NFKD", folded.lower())))
        if folded == before:
            break
    return folded


def _open(sign: str) -> str:
    if sign in _MARKS or sign in _UNSEEN:
        return ""
    if sign in _LETTERS:
        return _LETTERS[sign]
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    # Vowel signs and viramas belong to their letter; other signs part words.
    return sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " "


def latin(folded: str) -> str:
    """A folded text with its Cyrillic letters written in Latin, so that both scripts of one language meet."""
    return folded.translate(_LATIN)
