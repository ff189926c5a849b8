"""Events as staff run them: lists, one event with its deeds, the form, series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from bot.bell import DESK
from bot.console import event_form, words
from bot.console.event_form import Typed
from bot.console.gate import Answer, Refused, Visit
from bot.console.pages import Shown
from bot.console.preview import event_views
from bot.console.seatings import open_thing, term
from bot.domain import audit, checks, events, mentor_days, planning, policy, seats, series, waiting
from bot.domain.events import Event, EventKind, EventState, NotReady, Plan
from bot.domain.mentors import Mentor
from bot.domain.news import What
from bot.domain.policy import Verb
from bot.domain.seats import Seating, Signup
from bot.domain.series import Every
from bot.i18n import LANGUAGES, Text, _, _n
from bot.offering import tell_changed

_MOST: Final = 200
MOST_TIMES: Final = 24
EVERY: Final = {
    Every.WEEK: _("Every week"),
    Every.TWO_WEEKS: _("Every two weeks"),
    Every.MONTH: _("Every month, on the same weekday"),
    Every.TWO_MONTHS: _("Every second month, on the same weekday"),
}
# What people who have signed up must know when it changes.
_TOLD: Final = ("day", "minute", "minutes", "place", "where", "online_url")


async def coming(visit: Visit) -> Answer:
    """What is to come, drafts too, soonest first."""
    since = visit.house.now() - timedelta(days=1)
    found = await _found(visit, select(Event, Seating).where(Seating.starts_at > since).order_by(Seating.starts_at))
    now = visit.house.now()
    return await _list(visit, [(event, seating) for event, seating in found if event.ends_at > now], "/console/events")


async def past(visit: Visit) -> Answer:
    """What is over, the latest first."""
    query = select(Event, Seating).where(Seating.starts_at <= visit.house.now()).order_by(Seating.starts_at.desc())
    now = visit.house.now()
    found = [(event, seating) for event, seating in await _found(visit, query) if event.ends_at <= now]
    return await _list(visit, found, "/console/events/past")


async def _found(visit: Visit, query: Any) -> list[tuple[Event, Seating]]:  # noqa: ANN401 - a query of these two
    rows = await visit.session.execute(query.join(Seating, Seating.id == Event.id).limit(_MOST))
    return [row for row in rows.all() if visit.may(Verb.READ_PEOPLE, policy.Case(place=row[1].place))]


async def _list(visit: Visit, found: Sequence[tuple[Event, Seating]], here: str) -> Shown:
    lengths = await waiting.lengths(visit.session, [seating.list_key for _event, seating in found])
    return Shown(
        "events.html",
        {
            "events": found, "here": here, "waits": lengths, "kinds": words.EVENT_KINDS,
            "event_states": words.EVENT_STATES, "changes": visit.may(Verb.RUN_SERVICES),
            "places": {place.id: place.name for place in visit.house.desk.places},
        },
    )  # fmt: skip


async def show(visit: Visit) -> Answer:
    """One event with everything that can be done with it."""
    return await _shown(visit)


async def _shown(visit: Visit, problem: Text | None = None, status: int = 200) -> Shown:
    thing = await open_thing(visit)
    event, seating = _event(thing.event), thing.seating
    typed = event_form.stored(event, seating)
    language = visit.request.query_params.get("lang", "")
    language = language if language in LANGUAGES else visit.member.language
    now = visit.house.now()
    return Shown(
        "event.html",
        {
            "event": event, "seating": seating, "problem": problem, "typed": typed,
            "title": event.title(visit.member.language), "kind": words.EVENT_KINDS[event.kind],
            "event_states": words.EVENT_STATES, "missing": event_form.missing_languages(typed),
            "views": await event_views(visit, event, seating, language), "shown_in": language,
            "fields": await _fields(visit, event), "over": event.ends_at <= now, "begun": event.starts_at <= now,
            "waits": (await waiting.lengths(visit.session, [seating.list_key]))[seating.list_key],
            "affected": len(await _affected(visit, event)), "every": EVERY, "most_times": MOST_TIMES,
            "series": await series.of_series(visit.session, event.series) if event.series else [],
            "drafts": await _drafts(visit, event), "place": visit.house.desk.place_of(seating.place),
            "changes": visit.may(Verb.RUN_SERVICES, policy.Case(place=seating.place)),
        },
        status,
    )  # fmt: skip


def _event(event: Event | None) -> Event:
    if event is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    return event


async def _open(visit: Visit) -> tuple[Event, Seating]:
    """The event that the address names, for somebody who may change it, kept from all others. Raises Refused."""
    await seats.hold(visit.session)
    thing = await open_thing(visit, Verb.RUN_SERVICES)
    event = _event(thing.event)
    await visit.session.refresh(event)
    await visit.session.refresh(thing.seating)
    return event, thing.seating


async def _fields(visit: Visit, event: Event) -> list[tuple[Text, str]]:
    """What only this kind has, as staff read it; mentors by name."""
    found = []
    for name in events.FIELDS[EventKind(event.kind)]:
        value = str(event.fields.get(name, ""))
        if value and name in event_form.EXPERTS:
            mentor = await visit.session.get(Mentor, int(value)) if value.isdecimal() else None
            value = mentor.name if mentor is not None else ""
        found.append((words.EVENT_FIELDS[name], value))
    return found


async def _affected(visit: Visit, event: Event) -> list[Signup]:
    """Whoever has a seat or waits for one."""
    query = select(Signup).where(Signup.list_key == events.list_key(event.id), Signup.state.in_(seats.ACTIVE))
    return list(await visit.session.scalars(query))


async def _drafts(visit: Visit, event: Event) -> list[Event]:
    """The dates of its series that nobody sees yet."""
    listed = await series.of_series(visit.session, event.series) if event.series else []
    return [one for one in listed if one.state == EventState.DRAFT and one.starts_at > visit.house.now()]


async def new(visit: Visit) -> Answer:
    """Choose a kind, then the empty form."""
    _runs_some_place(visit)
    kind = visit.request.query_params.get("kind", "")
    if kind not in set(EventKind):
        return Shown("event_kind.html", {"kinds": words.EVENT_KINDS})
    return await _form(visit, event_form.fresh(visit, EventKind(kind)), None)


def _runs_some_place(visit: Visit) -> None:
    if not event_form.places(visit):
        raise Refused(403, words.NOT_ALLOWED)


async def add(visit: Visit) -> Answer:
    """Keep a new event; nobody sees it before it is published."""
    _runs_some_place(visit)
    typed = await event_form.read(visit, None)
    if not _good(visit, typed):
        return await _form(visit, typed, None, 422)
    if typed.plan is None:
        raise Refused(400, words.TOO_OLD)
    event = await events.make(visit.session, typed.plan, visit.house.now(), by=visit.member.id)
    return await _done(visit, "make event", event.id, "saved")


async def edit(visit: Visit) -> Answer:
    """The form of an event."""
    event, seating = await _open(visit)
    return await _form(visit, event_form.stored(event, seating), event)


def _good(visit: Visit, typed: Typed) -> bool:
    """Nothing is wrong, and what is odd is meant so; another kind shows its own fields first."""
    sure = visit.form.text("sure") == "yes" or not typed.doubts
    return not typed.problems and sure and visit.form.text("deed") != "kind"


async def _form(
    visit: Visit, typed: Typed, event: Event | None, status: int = 200, *, meanwhile: bool = False
) -> Shown:  # fmt: skip
    """The form with what was typed. `meanwhile`: somebody else has changed the event since it was opened."""
    if visit.form.text("deed") == "kind":
        typed.problems, typed.doubts, status = {}, [], 200
    following = await series.following(visit.session, event) if event is not None else []
    return Shown(
        "event_form.html",
        {
            "typed": typed, "event": event, "kinds": words.EVENT_KINDS, "labels": words.EVENT_FIELDS,
            "own": events.FIELDS[typed.kind], "experts": await event_form.experts(visit),
            "are_experts": event_form.EXPERTS, "places": event_form.places(visit), "meanwhile": meanwhile,
            "version": event.changed_at.isoformat() if event is not None else "", "following": len(following),
            "scope": visit.form.text("scope"), "most_title": event_form.MOST_TITLE_CHARS,
            "most_about": event_form.MOST_ABOUT_CHARS, "changes": True,
            "more": _looks_further(typed),
            "tells": event is not None and event.state == EventState.PUBLISHED and bool(await _affected(visit, event)),
        },
        status,
    )  # fmt: skip


def _looks_further(typed: Typed) -> bool:
    """Whether something is wrong in a text that is folded away."""
    shown = {f"{part}-{code}" for part in ("title", "about") for code in ("sl", "en")}
    return any(name.startswith(("title-", "about-")) for name in typed.problems.keys() - shown)


async def save(visit: Visit) -> Answer:
    """Change one event, or it and all that follow it in its series. Whoever signed up is told of another time."""
    event, seating = await _open(visit)
    if event.state == EventState.CALLED_OFF:
        raise Refused(409, _("This event was called off. Copy it to hold it after all."))
    typed = await event_form.read(visit, event)
    if not _good(visit, typed):
        return await _form(visit, typed, event, 422)
    if visit.form.text("version") != event.changed_at.isoformat():
        return await _form(visit, typed, event, 409, meanwhile=True)
    if typed.plan is None:
        raise Refused(400, words.TOO_OLD)
    before, now = series.plan_of(event, seating), visit.house.now()
    plan = replace(typed.plan, sample=event.sample)
    changed = [(event, before)]
    wide = visit.form.text("scope") == "following"
    if await _too_few(visit, event, seating, plan, wide=wide):
        typed.problems["seats"] = _("More people have a seat already than there would be. Nothing was changed.")
        return await _form(visit, typed, event, 422)
    if wide:
        changed += await series.change_following(visit.session, event, before, plan, term(visit, seating))
    await events.change(visit.session, event.id, plan, term(visit, seating))
    for one, old in changed:
        await planning.replan_seating(visit.session, one.id, visit.house.desk, now)
        await mentor_days.tidy(visit.session, one.id, visit.house.desk, now)
        await _tell_changed(visit, one, old)
    return await _done(visit, "edit event", event.id, "saved")


async def _too_few(visit: Visit, event: Event, seating: Seating, plan: Plan, *, wide: bool) -> bool:
    """Whether more people have a seat than there would be: at this event, or at one of those that follow."""
    taken = [seating.taken]
    if wide and plan.seats != seating.seats:
        listed = await series.following(visit.session, event)
        taken += [(await visit.session.get_one(Seating, one.id)).taken for one in listed]
    return plan.seats is not None and plan.seats < max(taken)


async def _tell_changed(visit: Visit, event: Event, before: Plan) -> None:
    if event.state != EventState.PUBLISHED or event.ends_at <= visit.house.now():
        return
    after = series.plan_of(event, await visit.session.get_one(Seating, event.id))
    if any(getattr(before, name) != getattr(after, name) for name in _TOLD):
        await tell_changed(visit.session, visit.house, event.id, What.CHANGED)


async def _done(visit: Visit, verb: str, event_id: int, note: str) -> Response:
    await audit.note(visit.session, verb, visit.house.now(), staff_id=visit.member.id)
    visit.ring(DESK)
    return RedirectResponse(f"/console/events/{event_id}?note={note}", 303)


async def publish(visit: Visit) -> Answer:
    """Let people see it; with `all` every draft of its series."""
    event, _seating = await _open(visit)
    wanted = await _drafts(visit, event) if visit.form.text("all") == "yes" else []
    for one in wanted or [event]:
        problem = await _publish(visit, one)
        if problem is not None:
            return await _shown(visit, problem, 409)
    return await _done(visit, "publish event", event.id, "published")


async def _publish(visit: Visit, event: Event) -> Text | None:
    """What keeps it from being published, if anything does. Whether experts are checked is looked at once more."""
    if event.starts_at <= visit.house.now():
        return _("This time has passed already.")
    desk, now = visit.house.desk, visit.house.now()
    for name in events.NEEDED.get(EventKind(event.kind), ()):
        value = str(event.fields.get(name, ""))
        mentor = await visit.session.get(Mentor, int(value)) if value.isdecimal() else None
        if mentor is not None and not checks.good(mentor.checked_on, desk, now):
            return _("The check of an expert is missing or too old. Please renew it first: {name}", name=mentor.name)
    try:
        await events.publish(visit.session, event.id, now)
    except NotReady as lacks:
        return event_form.lacks(lacks.lacks)
    return None


async def call_off(visit: Visit) -> Answer:
    """It does not take place: everybody who signed up is told."""
    event, _seating = await _open(visit)
    if visit.form.text("sure") != "yes":
        return await _shown(visit, _("Please tick the box first. Nothing was changed."), 422)
    await events.call_off(visit.session, event.id, visit.house.now())
    await tell_changed(visit.session, visit.house, event.id, What.CALLED_OFF)
    await mentor_days.tidy(visit.session, event.id, visit.house.desk, visit.house.now())
    return await _done(visit, "call off event", event.id, "called_off")


async def copy(visit: Visit) -> Answer:
    """The same once more, as a draft whose day is to be set."""
    event, seating = await _open(visit)
    plan = replace(series.plan_of(event, seating), sample=False)
    fresh = await events.make(visit.session, plan, visit.house.now(), by=visit.member.id)
    await audit.note(visit.session, "make event", visit.house.now(), staff_id=visit.member.id)
    return RedirectResponse(f"/console/events/{fresh.id}/edit?note=copied", 303)


async def repeat(visit: Visit) -> Answer:
    """The dates of a series: shown first, made when they are confirmed."""
    event, _seating = await _open(visit)
    every, typed = visit.form.text("every"), visit.form.text("times")
    times = int(typed) if typed.isdecimal() and len(typed) < len("100") else 0
    if every not in set(Every) or not 1 <= times <= MOST_TIMES:
        return await _shown(visit, _("Please say how often, from 1 to {n} times.", n=MOST_TIMES), 422)
    found = series.dates(event.day, Every(every), times)
    if visit.form.text("sure") != "yes":
        said = [(day, skipped) for days, skipped in ((found.days, False), (found.skipped, True)) for day in days]
        return Shown(
            "event_repeat.html",
            {
                "event": event, "title": event.title(visit.member.language), "dates": sorted(said), "every": every,
                "times": times, "rule": EVERY[Every(every)], "event_states": words.EVENT_STATES, "changes": True,
                "skipped": _n("{n} public holiday is left out.", "{n} public holidays are left out.",
                              len(found.skipped)) if found.skipped else None,
            },
        )  # fmt: skip
    await series.repeat(visit.session, event, found.days, visit.house.now(), visit.member.id)
    return await _done(visit, "repeat event", event.id, "repeated")
