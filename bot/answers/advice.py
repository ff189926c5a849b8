"""First steps: from five answers to topics in order, each with its reason and, where facts name one, its deadline.

Reasons and deadlines are those of the domain facts marked V; what is V-old says "check with the office". Who gets which
step is decided here and nowhere else, without the database, so that a table of cases can prove it.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.i18n import Text, _

SKIPPED: Final = "skip"
UNSURE: Final = "unsure"
MOST_STEPS: Final = 12


@dataclass(frozen=True, slots=True)
class Ask:
    """One of the questions. Ids of questions and options are stored: they never change their meaning."""

    key: str
    text: Text
    why: Text
    options: Mapping[str, Text]


QUESTIONS: Final[Sequence[Ask]] = (
    Ask(
        "status", _("Which of these fits you best?"),
        _("Citizens of the EU, people with a permit and people with protection need different papers."),
        {
            "eu": _("I am a citizen of the EU, EEA or Switzerland"),
            "work": _("I have a permit to work"),
            "family": _("I came to my family"),
            "protection": _("I asked for protection, or have it"),
            "temporary": _("I have temporary protection"),
            "student": _("I study here"),
            UNSURE: _("I am not sure, or would rather not say"),
        },
    ),
    Ask(
        "family", _("Who of your family is here?"),
        _("With children, there are school, kindergarten and vaccination."),
        {
            "alone": _("Nobody, I am alone"),
            "partner": _("My partner"),
            "small": _("Children under 6"),
            "school": _("Children of school age"),
            "both": _("Younger and older children"),
        },
    ),
    Ask(
        "work", _("Do you work?"),
        _("Who works needs other papers than who looks for work."),
        {
            "job": _("I have a job"),
            "looking": _("I look for a job"),
            "own": _("I have a business, or want one"),
            "no": _("Not now"),
        },
    ),
    Ask(
        "slovene", _("How much Slovene do you know?"),
        _("There is a free course for beginners, and an exam for those who know more."),
        {"none": _("Nothing yet"), "little": _("A little"), "more": _("A1 or more")},
    ),
    Ask(
        "first", _("What is most important to you now?"),
        _("It comes first on your list. Steps with a deadline stay on top."),
        {
            "papers": _("Papers"),
            "work": _("Work and money"),
            "health": _("Health"),
            "children": _("My children"),
            "slovene": _("Slovene"),
            "people": _("Meeting people"),
        },
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when. With `ask`, the person may tell a day, from which the last day and the days to remind follow."""

    text: Text
    ask: Text | None = None
    ahead: bool = False  # whether that day is still to come when it is told
    last: Callable[[date], date] | None = None
    remind: Callable[[date], Sequence[date]] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A topic on the list."""

    topic: str
    group: str
    why: Text
    deadline: Deadline | None = None


def _months_later(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _before(last: date, *days: int) -> list[date]:
    return [last - timedelta(days=number) for number in days]


# Source of each: the domain facts, by topic.
_ADDRESS: Final = Deadline(
    _("In the first three days after you move in or get the permit, at the latest in eight."),
    _("On which day did you move in, or get the permit?"),
    last=lambda day: day + timedelta(days=8),
    remind=lambda day: [day + timedelta(days=2), day + timedelta(days=6)],
)
_THREE_MONTHS: Final = Deadline(
    _("Before you have been here for three months."),
    _("On which day did you come to Slovenia?"),
    last=lambda day: _months_later(day, 3),
    remind=lambda day: _before(_months_later(day, 3), 7, 1),
)
_EXPIRY: Final = Deadline(
    _("Before the permit ends. A late application counts as a new one and may be rejected."),
    _("Until which day is your permit valid?"),
    ahead=True,
    last=lambda day: day,
    remind=lambda day: _before(day, 30, 7, 1),
)
_INCOME: Final = Deadline(_("Before your first taxable income."))
_JOB_ENDS: Final = Deadline(
    _("When a job ends: 3 working days after the notice, 30 days after the end. Please check with the office.")
)
_KINDERGARTEN: Final = Deadline(_("For a lower fee: a month before your child starts."))
_RENEWAL: Final = Deadline(_("At the renewal of your permit."))
_LICENCE: Final = Deadline(
    _("A licence from outside the EU is valid for one year after you register your residence. Check with the office.")
)

_EU: Final = "eu"
_PERMIT: Final = frozenset({"work", "family"})
_FOR_ZIP: Final = _PERMIT | {"student"}
_SMALL: Final = frozenset({"small", "both"})
_SCHOOL: Final = frozenset({"school", "both"})
_CHILDREN: Final = _SMALL | _SCHOOL
_BEGINNER: Final = frozenset({"none", "little"})


def advise(answers: Mapping[str, str]) -> list[Step]:
    """The steps for these answers, in order; a question that was skipped counts for nothing."""
    answers = {key: SKIPPED if value == UNSURE else value for key, value in answers.items()}
    steps = [*_papers(answers), *_work(answers), *_health(), *_children(answers), *_slovene(answers), *_life(answers)]
    first = answers.get("first", SKIPPED)
    ranked = sorted(steps, key=lambda step: (not _presses(step), step.group != first))  # stable
    return ranked[:MOST_STEPS]


def _presses(step: Step) -> bool:
    """Whether its deadline runs from a day of the person's own."""
    return step.deadline is not None and step.deadline.ask is not None


def _papers(answers: Mapping[str, str]) -> list[Step]:
    status = answers.get("status", SKIPPED)
    steps = [Step("residence.address", "papers", _("Everybody who lives here registers the address."), _ADDRESS)]
    if status == _EU:
        why = _("Citizens of the EU, EEA and Switzerland who stay longer need this certificate.")
        steps.append(Step("residence.eu", "papers", why, _THREE_MONTHS))
    if status in _PERMIT:
        steps.append(Step("residence.renewal", "papers", _("Your permit has a last day."), _EXPIRY))
    if status == "student":
        steps.append(Step("study.permit", "papers", _("Your permit is tied to your studies and has a last day."),
                          _EXPIRY))  # fmt: skip
    if status == "protection":
        steps.append(Step("protection.asylum", "papers", _("What you can ask for, and who advises you for free.")))
        steps.append(Step("legal.aid", "papers", _("A lawyer may be free for you.")))
    if status == "temporary":
        steps.append(Step("protection.temporary", "papers", _("What your card is good for.")))
    if status == "work" and answers.get("family") == "alone":
        steps.append(Step("residence.family", "papers", _("If your family wants to come: who may, and when.")))
    return steps


def _work(answers: Mapping[str, str]) -> list[Step]:
    status, work = answers.get("status", SKIPPED), answers.get("work", SKIPPED)
    steps = []
    if work == "job":
        steps.append(Step("work.rights", "work", _("When pay is due, and what a contract must say.")))
        if status == "work":
            why = _("Another job or another employer needs an approval first.")
            steps.append(Step("residence.single-permit", "work", why))
    if work == "looking":
        steps.append(Step("work.jobseeker", "work", _("The Employment Service registers who looks for work."),
                          _JOB_ENDS))  # fmt: skip
    if work == "own":
        if status in _PERMIT:
            why = _("First see whether your permit allows a business of your own.")
            steps.append(Step("residence.self-employed", "work", why))
        steps.append(Step("business.sp", "work", _("How a business of one's own is registered.")))
    if work != "no":
        steps.append(Step("tax.number", "work", _("Whoever earns money needs it."), _INCOME))
    steps.append(Step("bank.basic-account", "work", _("Pay comes to a bank account. You have a right to one.")))
    return steps


def _health() -> list[Step]:
    return [
        Step("health.insurance", "health", _("Somebody has to enrol you: see who, and whether it is done.")),
        Step("health.doctor", "health", _("Choosing a doctor is compulsory.")),
    ]


def _children(answers: Mapping[str, str]) -> list[Step]:
    family = answers.get("family", SKIPPED)
    steps = []
    if family in _SCHOOL:
        steps.append(Step("school.primary", "children", _("School is compulsory and free from 6 to 15 years.")))
    if family in _SMALL:
        why = _("From 11 months of age, for those who want it.")
        steps.append(Step("school.kindergarten", "children", why, _KINDERGARTEN))
    if family in _CHILDREN:
        steps.append(Step("health.vaccination", "children", _("Some vaccinations are compulsory for children.")))
        steps.append(Step("family.child-benefit", "children", _("Ask whether your family has a right to it.")))
    return steps


def _slovene(answers: Mapping[str, str]) -> list[Step]:
    status, slovene = answers.get("status", SKIPPED), answers.get("slovene", SKIPPED)
    steps = []
    if slovene in _BEGINNER and status == "family":
        why = _("Adult family members of somebody from outside the EU show some Slovene.")
        steps.append(Step("language.family-renewal", "slovene", why, _RENEWAL))
    if slovene in _BEGINNER and status in _FOR_ZIP:
        why = _("A free course for people from outside the EU.")
        steps.append(Step("language.zip", "slovene", why))
    elif slovene in _BEGINNER:
        steps.append(Step("adult.education", "slovene", _("Ask here about courses of Slovene.")))
    if slovene == "more":
        steps.append(Step("language.exam", "slovene", _("An exam shows how much Slovene you know.")))
    return steps


def _life(answers: Mapping[str, str]) -> list[Step]:
    steps = [Step("local.community", "people", _("Places and groups where you meet people."))]
    if answers.get("status", SKIPPED) not in {_EU, SKIPPED}:
        steps.append(Step("driving.exchange", "life", _("If you drive."), _LICENCE))
    steps.append(Step("local.library", "life", _("Books and a quiet place; you need a registered address.")))
    return steps


def step_of(topic: str, answers: Mapping[str, str]) -> Step | None:
    """The step on the list of these answers that is about `topic`."""
    return next((step for step in advise(answers) if step.topic == topic), None)
