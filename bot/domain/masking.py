"""Takes out of a text what could tell who wrote it, as far as that is sure: numbers, addresses, names.

It takes out rather too much than too little: what is left is read by the desk, and a person can look at it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

MASK: Final = "•••"

# Letters and the marks that belong to them: Bengali and Arabic words are not `\w+` alone. No sign is in both sets, else
# a long word would be tried in every way of taking it apart.
_LETTER: Final = r"[^\W\d_]"
_MARKS: Final = r"\u0300-\u036f\u064b-\u065f\u0670\u0981-\u0983\u09bc\u09be-\u09cd\u09d7\u200c\u200d"
_WORD: Final = rf"(?:{_LETTER}|[{_MARKS}'’-]){{1,40}}"
_HOUSE: Final = r"\d{1,4}(?!\.?\s*[\d.]|\.\s*\w)(?:\s?[a-zA-Z](?!\w))?"

_NUMBERS: Final = (
    r"https?://\S+|www\.\S+|(?<![\w.])t\.me/\S+",  # a link can hold a name or a token
    r"\S+@\S+",
    r"(?<![\w@])@\w{3,}",  # a name on a platform
    r"\b[A-Z]{2}\d[\d ]{8,}\b",  # IBAN
    r"\b[A-Z]{2}[ -][A-Z0-9]{2,3}-[A-Z0-9]{2,3}\b",  # a car's number plate
    # What could be an EMŠO, tax number, permit, account, phone or day of birth.
    r"(?:\b[A-Z]{1,2})?[+(]?\d[\d /.()-]{5,}\d",
    r"(?:\b[A-Z]{1,2})?\d{6,}",
)

# "My name is …" and "I am called …" in the launch languages; what follows is a name.
_INTRODUCTIONS: Final = (
    "my name is", "my name's", "i am called", "my surname is", "my full name is",
    "ime mi je", "moje ime je", "pišem se", "pisem se", "imenujem se", "kličejo me", "klicejo me", "moj priimek je",
    "zovem se", "moje prezime je", "зовем се", "моје име је", "моје презиме је",
    "quhem", "emri im është", "emri im eshte", "mbiemri im është", "mbiemri im eshte",
    "се викам", "моето име е", "моето презиме е", "se vikam", "moeto ime e",
    "меня зовут", "моё имя", "мое имя", "моя фамилия", "menya zovut", "menja zovut",
    "мене звати", "мене звуть", "моє ім'я", "моє ім’я", "моє прізвище",
    "me llamo", "mi nombre es", "mi apellido es",
    "اسمي", "إسمي", "انا اسمي", "أنا اسمي", "ismi", "esmi",
    "نام من", "اسم من", "نامم", "اسمم", "تخلص من", "زما نوم", "نوم می", "نوم مې",
    "میرا نام", "mera naam", "mera nam", "আমার নাম", "amar naam", "amar nam",
)  # fmt: skip
# "My husband …": the next word is a name when it has a capital letter.
_RELATIVES: Final = (
    "mr", "mrs", "ms", "dr", "gospod", "gospa", "gospe", "gospodu", "g", "ga",
    r"my (?:husband|wife|son|daughter|brother|sister|mother|father|friend|boss|child|neighbour|partner)",
    r"(?:moj|moja|mojega|mojemu|moje|mojo|moji) (?:mož|moz|žena|zena|ženo|zeno|sin|sina|hči|hci|hčerka|hcerka|brat)",
    r"(?:moj|moja|moje|mojo|mog) (?:sestra|mama|oče|oce|prijatelj|muž|muza|supruga|suprug|kćerka|kcerka|otac|majka)",
    r"(?:мој|моја|мојот|мојата|мојот) (?:муж|маж|жена|син|ћерка|ќерка|брат|сестра|отац|татко|мајка)",
    r"(?:мой|моя|моего|моей|мою) (?:муж|мужа|жена|жены|жену|сын|сына|дочь|дочка|брат|сестра|мама|отец|друг)",
    r"(?:мій|моя|мого|моєї|мою) (?:чоловік|дружина|дружини|син|сина|донька|брат|сестра|мама|батько|друг)",
    r"(?:burri|gruaja|djali|vajza|vëllai|motra|babai|nëna) (?:im|ime)",
    r"mi (?:marido|esposo|esposa|mujer|hijo|hija|hermano|hermana|madre|padre|amigo|amiga|jefe)",
)  # fmt: skip
# The word for a street, before or after its name.
_STREETS: Final = (
    "ulica", "ulici", "ulico", "ul", "cesta", "cesti", "cesto", "trg", "trgu", "drevored", "nabrežje", "naselje",
    "street", "st", "road", "rd", "avenue", "улица", "улице", "ул", "улици", "вулиця", "вул", "проспект", "бул",
    "rruga", "rr", "calle", "avenida", "شارع", "طريق", "خیابان", "کوچه", "جاده", "سرک", "سړک", "سڑک", "گلی", "রোড",
    "সড়ক", "রাস্তা",
)  # fmt: skip

# These follow an introduction and are no names.
_NO_NAMES: Final = frozenset(
    """and i in is am from the a my je sem ja pa dhe jam e и я з і та y soy و من از او يم ده ہے ہیں اور میں است هستم هست
    এবং আমি""".split()
)
# Capitalised words of places, offices and languages: a pair with one is no person. Compared by beginnings.
_PUBLIC: Final = tuple(
    """sloven postojn ljubljan maribor koper celj kranj nova gorica pivka cerknic ilirsk logat republi
    europ evrop union unij
    upravna upravn enot center centr zavod ministr občin obcin municipal office service služb sluzb inšpekt inspek
    zdravstv health bolni hospital polic šola šole school srednj osnovn univerz university fakult library knjižnic
    cross rdeč rdec karitas caritas filantrop križ kriz starting point dovoljen permit potrdil potvrd izjav
    vloga obrazec
    emšo emso pošta posta bank spot english slovensk serbi srbij croat hrva bosn bosan alban kosov maced makedon
    ukrain russ arab afgh iran pakist bangl syri siri turk indi span nemč nemc germ austri avstr ital franc french
    monday tuesday wednesday thursday friday saturday sunday januar februar march april june july august septem
    oktob octob
    novem decem слове посто любл серб росс укра европ респ центр служб министр управ""".split()
)
# Sentences begin with these, and a name may follow them.
_BEGINNINGS: Final = frozenset(
    """hello hi hey dear dan jutro večer morning evening day ден дан день вечер dobar dobro dober dobra
    good lep lepo pozdrav pozdravljeni thank thanks hvala please
    prosim salam assalam merhaba hola gracias mirëdita faleminderit what how where when why who which can could do does
    did is are was if and or the my our we you he she they it this there in on at for from with will should must may
    kdaj kako kje kaj ali imam kdo zakaj gdje kada šta sta što sto mogu da li je sem smo moja moj moje naša za
    как где что кто можно когда почему если мне нужно есть здравствуйте добрый спасибо привет мой моя мы он она это
    како каде што кога дали имам може зошто јас мој моја добар добро здраво где када шта ко да ли
    як де що хто коли чому якщо мені потрібно є добрий дякую привіт мій моя
    como cómo donde dónde cuando cuándo que qué puedo puede hay es el la un una mi quien quién si tengo
    ku si kur kush mund është eshte une unë kam çfarë cfare pse""".split()
)


def masked(words: str) -> str:
    """`words` without what could name somebody. Masking twice changes nothing."""
    for pattern in _PATTERNS:
        words = pattern.sub(_keeping_lead, words)
    return _without_pairs(words)


def _keeping_lead(found: re.Match[str]) -> str:
    return f"{found['lead']}{MASK}" if "lead" in found.groupdict() else MASK


def _patterns() -> Iterator[re.Pattern[str]]:
    yield re.compile("|".join(_NUMBERS))
    streets = "|".join(_STREETS)
    # "Sample street 5", "Sample Road 5a": up to two words of the name go with it; then "ulica Sample 5".
    yield re.compile(rf"(?:{_WORD}\.?\s+){{0,2}}\b(?:{streets})\b\.?\s+(?:št\.?\s*)?{_HOUSE}", re.IGNORECASE)
    yield re.compile(rf"\b(?:{streets})\b\.?\s+(?:(?:\d{{1,2}}\.\s*)?{_WORD}\.?,?\s+){{1,4}}{_HOUSE}", re.IGNORECASE)
    starts = "|".join(sorted(map(re.escape, _INTRODUCTIONS), key=len, reverse=True))
    others = "|".join(map(re.escape, sorted(_NO_NAMES)))
    name = rf"(?!(?:{others})(?!\w)){_WORD}"
    # The first word is a name however it is written; the second where a sentence or a comma ends after it.
    yield re.compile(
        rf"(?P<lead>(?<!\w)(?:{starts})(?!\w)\s*[:\-–]?\s*(?:is\s+|je\s+|e\s+|это\s+|هو\s+)?)"
        rf"{name}(?:\s+{name}(?=\s*(?:$|[.,;:!?؟،۔।\n]|(?:{others})(?!\w))))?",
        re.IGNORECASE,
    )
    relatives = "|".join(_RELATIVES)
    yield re.compile(rf"(?P<lead>\b(?i:{relatives})\.?,?\s+)(?-i:{_CAPITAL})(?:\s+(?-i:{_CAPITAL}))*")


# A word that begins with one capital letter and goes on in small ones: Latin or Cyrillic.
_CAPITAL: Final = (
    r"[A-ZČŠŽĆĐËÇÁÉÍÓÚÑÜÖÄÂÎА-ЯЁЂЃЄІЇЈЉЊЋЌЏҐ][a-zčšžćđëçáéíóúñüöäâîа-яёђѓєіїјљњћќџґ'’]+"
    r"(?:-[A-ZČŠŽĆĐА-Я][a-zčšžćđа-яё]+)?"
)
_PAIR: Final = re.compile(rf"(?<![\w@.•-]){_CAPITAL}(?:[ \t]+{_CAPITAL})+(?![\w@])")
_PATTERNS: Final = tuple(_patterns())
_MOSTLY: Final = 0.5
_FEW_WORDS: Final = 3


def _without_pairs(words: str) -> str:
    """Two capitalised words side by side are somebody's name, unless one is known or everything is so written."""
    spoken = re.findall(_WORD, words)
    if len(spoken) > _FEW_WORDS and sum(word[:1].isupper() for word in spoken) > _MOSTLY * len(spoken):
        return words
    return _PAIR.sub(lambda found: _without_name(found[0]), words)


def _without_name(run: str) -> str:
    spoken = run.split()
    first = next((at for at, word in enumerate(spoken) if word.casefold() not in _BEGINNINGS), len(spoken))
    name = spoken[first:]
    if not name or (first == 0 and len(name) == 1) or any(word.casefold().startswith(_PUBLIC) for word in name):
        return run
    return " ".join([*spoken[:first], MASK])
