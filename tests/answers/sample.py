"""A tiny `faq/` folder for these tests; visibly not the desk's."""

from pathlib import Path

from bot.answers.content import body_hash

SLOVENE_BODY = "To je vzorčno besedilo o kolesih. Kolo prijavite pri vzorčnem uradu.\n\n- kolo\n- luč"

TOPIC_YAML = """\
id: {topic}
field: administrative
icon: "🚲"
owner: desk
sources: ["sample list, page 1"]
official_url: https://example.org/
decides: desk
checked_on: 2026-11-21
review_by: 2027-05-20
legal_notice: true
track: any
related: []
"""

QUESTIONS = {
    "sample.bicycle": {
        "en": "how do I register my bicycle\nI bought a bike, what now?\nbicycle papers\nmy new bike",
        "sl": "kako prijavim kolo\nkupil sem kolo, kaj zdaj?\npapirji za kolo\nnovo kolo v mestu",
        "ru": "как зарегистрировать велосипед\nкупил велосипед\nдокументы на велосипед\nновый велосипед",
        "ar": "كيف أسجل دراجتي\nاشتريت دراجة هوائية\nأوراق الدراجة\nدراجة جديدة",
    },
    "sample.garden": {
        "en": "where can I rent a garden\nvegetable garden for a family\ngarden price\nI want to grow beans",
        "sl": "kje najamem vrt\nzelenjavni vrt za družino\ncena vrtička\nrad bi gojil paradižnik",
        "ru": "где арендовать огород\nогород для семьи\nцена огорода\nхочу выращивать помидоры",
        "ar": "أين أستأجر حديقة\nحديقة خضار للعائلة\nسعر الحديقة\nأريد زراعة البندورة",
    },
    "sample.choir": {
        "en": "is there a choir\nI like to sing\nchoir rehearsal\nsinging group for beginners",
        "sl": "ali je tu pevski zbor\nrad pojem z drugimi\nvaje zbora\npevska skupina za začetnike",
        "ru": "есть ли тут хор\nлюблю петь с другими\nрепетиция хора\nпевческая группа",
        "ar": "هل توجد جوقة\nأحب الغناء مع الآخرين\nتدريب الجوقة\nمجموعة غناء للمبتدئين",
    },
}

DANGER = {
    "en": "# calls\nkill me\nbleed*\nfire in the house",
    "sl": "ubi*\nkri teče",
    "ar": "يضربني\nدم",
    "any": "112",
}
ELSEWHERE = {
    "en": "chat: tell me a joke\nchat: who are you\nabroad: how do I get citizenship of another country\nshop: sell a phone",
    "ru": "abroad: гражданство другой страны\nchat: расскажи шутку",
}
EMERGENCIES = {"en": "he has a knife and is at the door\nshe does not breathe any more", "ru": "она не дышит"}
HARMLESS = {"en": "my bicycle has no bell\nwho repairs a door", "ru": "дверь скрипит"}
ABROAD = "Germany\nNemčija"
SMALLTALK = {
    "en": "hello\nthank you\ngood morning",
    "sl": "dober dan\nhvala\nživijo",
    "ru": "привет\nспасибо",
}


def write_topic(folder: Path, topic: str, *, languages: tuple[str, ...] = ("sl", "en")) -> Path:
    """A topic with texts; English says which Slovene text it was made from."""
    place = folder / topic
    place.mkdir(parents=True)
    (place / "topic.yaml").write_text(TOPIC_YAML.format(topic=topic), encoding="utf-8")
    for language in languages:
        made_from = "" if language == "sl" else f"made_from: {body_hash(SLOVENE_BODY)}\n"
        write_answer(place, language, f"title: Sample {topic}\nstate: machine\n{made_from}", SLOVENE_BODY)
    for language, questions in QUESTIONS.get(topic, {}).items():
        (place / f"{language}.questions.txt").write_text(questions, encoding="utf-8")
    return place


def write_answer(place: Path, language: str, front: str, body: str) -> Path:
    file = place / f"{language}.md"
    file.write_text(f"---\n{front}---\n{body}\n", encoding="utf-8")
    return file


def write_faq(folder: Path) -> Path:
    """Three topics and the word lists."""
    for topic in QUESTIONS:
        write_topic(folder, topic)
    lists = {
        "danger": DANGER, "smalltalk": SMALLTALK, "elsewhere": ELSEWHERE, "emergencies": EMERGENCIES,
        "harmless": HARMLESS,
    }  # fmt: skip
    for name, words in lists.items():
        place = folder / "_words" / name
        place.mkdir(parents=True)
        for language, lines in words.items():
            (place / f"{language}.txt").write_text(lines, encoding="utf-8")
    (folder / "_words" / "abroad.txt").write_text(ABROAD, encoding="utf-8")
    return folder
