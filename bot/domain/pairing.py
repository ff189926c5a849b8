"""What happens in a pair: proposed, agreed by both, words passed on, contact shared by both, ended by either."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import checks, pairs
from bot.domain.db import new_id
from bot.domain.pairs import (
    ADULT,
    ANSWER_WITHIN,
    CHECK_IN_AFTER,
    MOST_NOTES,
    OPEN,
    AlreadyPaired,
    Busy,
    News,
    NotChecked,
    NotFitting,
    Pair,
    PairOver,
    PairState,
    Practice,
    two,
)
from bot.domain.places import Desk

UNREACHED: Final = "!"  # before the news that somebody could not be told


@dataclass(frozen=True, slots=True)
class Seen:
    """A pair as one of the two has it. What the other told may be gone."""

    pair: Pair
    person_id: int
    mine: Practice | None
    other: Practice | None

    @property
    def is_first(self) -> bool:
        """Whether this one is the pair's first."""
        return self.pair.first_id == self.person_id

    @property
    def yes(self) -> bool | None:
        """What this one answered to the proposal."""
        return self.pair.yes_first if self.is_first else self.pair.yes_second

    @property
    def shares(self) -> bool:
        """Whether this one lets the other have what they may be reached by."""
        return self.pair.shares_first if self.is_first else self.pair.shares_second

    @property
    def both_share(self) -> bool:
        """Whether both do."""
        return self.pair.shares_first and self.pair.shares_second

    @property
    def asked(self) -> bool:
        """Whether the other does, and waits for this one."""
        return not self.shares and (self.pair.shares_second if self.is_first else self.pair.shares_first)

    @property
    def told(self) -> str:
        """The last news that this one has."""
        return self.pair.told_first if self.is_first else self.pair.told_second

    @property
    def young(self) -> bool:
        """Whether they are 15-17: they meet at the desk or in groups, and the desk arranges it."""
        return self.mine is None or self.mine.age != ADULT

    @property
    def news(self) -> News:
        """What is to be told to this one now."""
        if self.pair.state == PairState.PROPOSED:
            return News.PROPOSED if self.yes is None else News(self.told.lstrip(UNREACHED))
        if self.pair.state == PairState.AGREED:
            if self.both_share:
                return News.SHARED
            asked = self.asked or self.told.lstrip(UNREACHED) == News.ASKED  # taken back: nothing new to be told
            return News.ASKED if asked else News.AGREED
        return News.OVER if self.told not in {"", UNREACHED + News.PROPOSED} else News.NOTHING

    def note_told(self, news: News, *, reached: bool = True) -> None:
        """This one has the news; or could not be reached with it, which staff see."""
        told = news if reached else f"{UNREACHED}{news}"
        if self.is_first:
            self.pair.told_first = told
        else:
            self.pair.told_second = told


async def propose(
    session: AsyncSession, one_id: int, other_id: int, desk: Desk, now: datetime, *, by_staff: bool
) -> Pair:
    """Propose two people to each other. `by_staff`: chosen by hand. Raises NotChecked, NotFitting, AlreadyPaired, Busy.

    People of 15-17 are proposed by hand alone, and nobody is while another proposal waits for their answer.
    """
    first_id, second_id = two(one_id, other_id)
    query = select(Practice).where(Practice.person_id.in_((first_id, second_id))).order_by(Practice.person_id)
    locked = await session.scalars(query.with_for_update(), execution_options={"populate_existing": True})
    held = {one.person_id: one for one in locked}
    if first_id == second_id or set(held) != {first_id, second_id}:
        raise NotChecked
    one, other = held[first_id], held[second_id]
    if any(each.paused or not checks.good(each.checked_on, desk, now) for each in (one, other)):
        raise NotChecked
    why = pairs.fit(one, other)
    if one.age != ADULT and not by_staff:
        raise NotFitting("age")
    taken = await session.scalars(select(Pair).where(or_(pairs.of(first_id), pairs.of(second_id))))
    for pair in taken:
        if (pair.first_id, pair.second_id) == (first_id, second_id):
            raise AlreadyPaired
        if pair.state == PairState.PROPOSED:
            raise Busy
    made = Pair(
        id=new_id(), first_id=first_id, second_id=second_id, state=PairState.PROPOSED, by_staff=by_staff,
        languages=[*why.gives, *why.takes], details={}, made_at=now, changed_at=now,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    return made


async def seen(session: AsyncSession, pair_id: int, person_id: int) -> Seen:
    """A pair as this person has it. Raises PairOver when it is none of theirs."""
    pair = await session.get(Pair, pair_id, populate_existing=True)
    return await _seen(session, pair, person_id)


async def of_person(session: AsyncSession, person_id: int) -> list[Seen]:
    """The pairs of this person that have not ended, oldest first."""
    query = select(Pair).where(pairs.of(person_id), Pair.state.in_(OPEN)).order_by(Pair.id)
    found = list(await session.scalars(query, execution_options={"populate_existing": True}))
    return [await _seen(session, pair, person_id) for pair in found]


async def _seen(session: AsyncSession, pair: Pair | None, person_id: int) -> Seen:
    if pair is None or person_id not in {pair.first_id, pair.second_id}:
        raise PairOver
    other_id = pair.second_id if person_id == pair.first_id else pair.first_id
    return Seen(pair, person_id, await pairs.of_person(session, person_id), await pairs.of_person(session, other_id))


async def _locked(session: AsyncSession, pair_id: int, person_id: int, *states: PairState) -> Seen:
    query = select(Pair).where(Pair.id == pair_id).with_for_update()
    pair = (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()
    if pair is None or pair.state not in states:
        raise PairOver
    return await _seen(session, pair, person_id)


async def answer(
    session: AsyncSession, pair_id: int, person_id: int, now: datetime, *, yes: bool, at_desk: bool = False
) -> Seen:
    """Answer a proposal; with the second yes they are a pair. The same answer twice is one. Raises PairOver.

    `at_desk`: they said it to a member of staff.
    """
    mine = await _locked(session, pair_id, person_id, PairState.PROPOSED, PairState.AGREED)
    pair = mine.pair
    if pair.state == PairState.AGREED:
        if yes:
            return mine
        raise PairOver
    if mine.is_first:
        pair.yes_first = yes
    else:
        pair.yes_second = yes
    pair.changed_at = now
    told = News.PROPOSED
    if not yes:
        pair.state, told = PairState.DECLINED, News.OVER
    elif pair.yes_first and pair.yes_second:
        pair.state, pair.check_in_at, told = PairState.AGREED, now + CHECK_IN_AFTER, News.AGREED
    if not at_desk:  # in the chat they see it at once
        mine.note_told(told)
    await session.flush()
    return mine


async def end(session: AsyncSession, pair_id: int, person_id: int | None, now: datetime) -> Pair:
    """End it: by one of the two, who gives no reason, or by staff (None). Raises PairOver."""
    query = select(Pair).where(Pair.id == pair_id).with_for_update()
    pair = (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()
    if pair is None or pair.state not in OPEN or person_id not in {None, pair.first_id, pair.second_id}:
        raise PairOver
    pair.state, pair.changed_at, pair.check_in_at = PairState.ENDED, now, None
    pair.details, pair.noted = {}, False
    if person_id is not None:
        Seen(pair, person_id, None, None).note_told(News.OVER)
    await session.flush()
    return pair


async def share(
    session: AsyncSession, pair_id: int, person_id: int, now: datetime, *, contact: str | None = None, yes: bool = True
) -> Seen:
    """Let the other have what one may be reached by, once both do; or, before that, no longer. Raises PairOver.

    `contact`: to replace what was told before. Never between people of 15-17.
    """
    mine = await _locked(session, pair_id, person_id, PairState.AGREED)
    if mine.young or mine.mine is None or (not yes and mine.both_share):
        raise PairOver
    if contact is not None:
        mine.mine.details = {**mine.mine.details, "contact": contact}
    if mine.is_first:
        mine.pair.shares_first = yes
    else:
        mine.pair.shares_second = yes
    mine.pair.changed_at = now
    mine.note_told(mine.news)
    await session.flush()
    return mine


async def write(session: AsyncSession, pair_id: int, person_id: int, words: str, now: datetime) -> bool:
    """Leave words that the desk passes on to the other; False when too many wait already. Raises PairOver."""
    mine = await _locked(session, pair_id, person_id, PairState.AGREED)
    if mine.young or mine.other is None:
        raise PairOver
    notes = list(mine.pair.details.get("notes", ()))
    if sum(note["by"] == person_id for note in notes) >= MOST_NOTES:
        return False
    notes.append({"by": person_id, "words": words})
    mine.pair.details = {**mine.pair.details, "notes": notes}
    mine.pair.noted, mine.pair.changed_at = True, now
    await session.flush()
    return True


async def still(session: AsyncSession, pair_id: int, person_id: int) -> bool:
    """They go on practising, three months later; False when this one has said so before. Raises PairOver."""
    mine = await _locked(session, pair_id, person_id, PairState.AGREED)
    said = list(mine.pair.details.get("still", ()))
    if person_id in said:
        return False
    mine.pair.details = {**mine.pair.details, "still": [*said, person_id]}
    await session.flush()
    return True


async def forget(session: AsyncSession, person_id: int, now: datetime) -> None:
    """Practise no more: pairs end, and what was told is deleted."""
    query = select(Pair.id).where(pairs.of(person_id), Pair.state.in_(OPEN)).order_by(Pair.id)
    for pair_id in list(await session.scalars(query)):
        await end(session, pair_id, person_id, now)
    await session.execute(delete(Practice).where(Practice.person_id == person_id))


async def lapse(session: AsyncSession, now: datetime) -> int:
    """End proposals that nobody answered in time. Returns how many."""
    query = (
        select(Pair)
        .where(Pair.state == PairState.PROPOSED, Pair.made_at <= now - ANSWER_WITHIN)
        .with_for_update(skip_locked=True)
    )
    late = list(await session.scalars(query, execution_options={"populate_existing": True}))
    for pair in late:
        pair.state, pair.changed_at = PairState.LAPSED, now
    await session.flush()
    return len(late)


async def untold(session: AsyncSession, now: datetime, most: int = 200) -> list[Pair]:
    """Pairs of which somebody has not heard the news, with words to pass on, or with a check-in that is due."""
    agreed = Pair.state == PairState.AGREED
    ended = Pair.state.in_((PairState.DECLINED, PairState.LAPSED, PairState.ENDED))
    unheard = []
    for told, yes, ours, theirs in (
        (Pair.told_first, Pair.yes_first, Pair.shares_first, Pair.shares_second),
        (Pair.told_second, Pair.yes_second, Pair.shares_second, Pair.shares_first),
    ):
        unheard += [
            and_(Pair.state == PairState.PROPOSED, told == News.NOTHING, yes.is_(None)),
            and_(agreed, told.in_((News.NOTHING, News.PROPOSED, UNREACHED + News.PROPOSED))),
            and_(agreed, ours.is_(False), theirs, told.in_(_heard(News.AGREED))),
            and_(agreed, ours, theirs, told.in_(_heard(News.AGREED, News.ASKED))),
            and_(ended, told.in_((News.PROPOSED, *_heard(News.AGREED, News.ASKED, News.SHARED)))),
        ]
    due = and_(agreed, or_(Pair.noted, Pair.check_in_at <= now))
    query = select(Pair).where(or_(*unheard, due)).order_by(Pair.changed_at, Pair.id).limit(most)
    return list(await session.scalars(query, execution_options={"populate_existing": True}))


def _heard(*news: News) -> list[str]:
    """These news, whether or not somebody was reached with them."""
    return [told for one in news for told in (str(one), f"{UNREACHED}{one}")]
