"""The letter about unpaid wages: asked step by step, looked through, handed over, and gone after a day."""

from __future__ import annotations

from sqlalchemy import select

from bot import clockwork
from bot.dialog.messages import Laid
from bot.domain.documents import Document
from bot.domain.happenings import Happening
from bot.domain.inbound import StoredUpdate
from bot.domain.messages import ChatMessage
from bot.domain.people import Dialog
from tests.desk import Desk, Guest

ABOUT = (
    "< ✉️ Letter to the Labour Inspectorate | We write a letter to the Labour Inspectorate together, in Slovene, about "
    "wages that you did not get. / Your answers go in as you write them. They are not translated. / Only you get the "
    "letter: we send it to nobody, and we keep it and your answers for a day only. / Please do not write numbers of "
    "documents, and no numbers of bank accounts. / A person at the desk can write it with you. [👤 Talk to a person]"
)
EMPLOYER = "What is the name of your employer? Write it as it stands in the contract or on a pay slip."
STARTED = "On which day did you start to work there? Write it like this: 23. 11. 2026 [I do not know] [Back] [Cancel]"
ENDED = "What was your last day at work there? Write it like this: 23. 11. 2026 [I still work there] [Back] [Cancel]"
UNPAID = "< For which months did you not get your pay, or not all of it? Choose them one after another."
MISSING = "About how much money is missing, in euros? Write only a number. [I do not know] [Back] [Cancel]"
EVIDENCE = "< What can you show? Choose what you have, one after another."
WORDS = (
    "< Do you want to add what happened? It stands in the letter exactly as you write it, in your language. "
    "The inspectorate has to have it translated. [Skip] [Back] [Cancel]"
)
WHO = (
    "< Do you want to give your name? The inspectorate takes reports without a name too; check with the office. "
    "Without your name it cannot answer you. [Without my name] [With my name] [Back] [Cancel]"
)
HANDED_OVER = (
    "< Here is the letter as a file. Read it through with somebody who knows Slovene if you can. / Send it by e-mail to "
    "gp.irsd@gov.si, or to the unit for Koper, Postojna and Nova Gorica: kp-po-ng.irsd@gov.si. Please check both "
    "addresses with the office. / You can also send it by post, or take it to the unit where your employer has its "
    "seat. Check with the office. / Add copies of what you can show, and keep a copy of everything. / The desk keeps "
    "this letter for 24 hours. / What stands in this chat on your phone stays there until you delete it. "
)


async def test_a_letter_with_everything(desk: Desk) -> None:
    guest = desk.person("en")
    months = (
        "[August 2026] [July 2026] [June 2026] [May 2026] [April 2026] [March 2026] [February 2026] [January 2026] "
        "[December 2025] [Earlier months too]"
    )
    await guest.chats(f"""
        > /letter
        {ABOUT}
        < {EMPLOYER} [Cancel]
        > Sample   Builders
        < What is the address of your employer? The town helps too. [I do not know] [Back] [Cancel]
        > Sample Street 1
        < Where did you work? For example a town or a building site. [Skip] [Back] [Cancel]
        > [Skip]
        < {STARTED}
        > 1. 3. 2027
        < This day has not come yet. / {STARTED}
        > 1. 3. 2026
        < {ENDED}
        > 1. 2. 2026
        < The last day is before the first one. / {ENDED}
        > [I still work there]
        {UNPAID} [November 2026] [October 2026] [September 2026] {months} [Back] [Cancel]
        > [October 2026]
        {UNPAID} / Chosen: October 2026 [November 2026] [September 2026] {months} [That is all] [Back] [Cancel]
        > [September 2026]
        {UNPAID} / Chosen: October 2026 and September 2026 [November 2026] {months} [That is all] [Back] [Cancel]
        > [That is all]
        < {MISSING}
        > 0
        < Please write a number from 1 to 1,000,000. / {MISSING}
        > 1200
        {EVIDENCE} [employment contract] [pay slips] [bank statements] [my own list of working hours]
          [messages from the employer] [people who worked with me and can confirm it] [photographs] [None of these]
          [Back] [Cancel]
        > [pay slips]
        {EVIDENCE} / Chosen: pay slips [employment contract] [bank statements] [my own list of working hours]
          [messages from the employer] [people who worked with me and can confirm it] [photographs] [That is all]
          [Back] [Cancel]
        > [That is all]
        {WORDS}
        > My employer does not pay my salary, what can I do?
        {WHO}
        > [With my name]
        < What is your name, as it stands in the contract? [Back] [Cancel]
        > Sample Person
        < How can the inspectorate reach you? A phone number or an e-mail. [Skip] [Back] [Cancel]
        > [Skip]
        < This is what the letter will say. Is it right? / {SAID} [Yes] [No] [Back] [Cancel]
        > [Yes]
        < Pismo v slovenščini | {SLOVENE}
        < What the letter says, line by line | {SAID}
        {HANDED_OVER}/ Undeclared work, without a contract: the Financial Administration (FURS) sees to that.
          / This is information, not legal advice. The office decides.
          [👤 Talk to a person] [🔎 Report an employer to the Labour Inspectorate] [☰ Menu]
    """)
    assert [laid.document.name for _token, laid in guest.screen if laid.document is not None] == ["pismo.pdf"]
    assert await desk.count(Dialog) == 0


SAID = (
    "Labour Inspectorate of the Republic of Slovenia / To the regional unit at the employer's seat / Date: 23 November "
    "2026 / Report: wages not paid / I report that my employer has not paid me for my work, or not in full. / Employer: "
    "Sample Builders / Address of the employer: Sample Street 1 / Start of work: 1 March 2026 / I still work there. / "
    "Months without pay or without full pay: September 2026 and October 2026 / Missing amount, as far as I know: about "
    "1,200 EUR / Evidence that I can show: pay slips / What happened, in my own words (language: English): / My "
    "employer does not pay my salary, what can I do? / Pay has to be paid at the latest 18 days after the end of the "
    "pay period. / I ask you to look into this and to act. / Name: Sample Person / Signature: " + "_" * 30
)
SLOVENE = (
    "Inšpektorat Republike Slovenije za delo / Območna enota po sedežu delodajalca / Datum: 23. november 2026 / "
    "Prijava: neizplačilo plače / Prijavljam, da mi delodajalec za opravljeno delo ni izplačal plače oziroma je ni "
    "izplačal v celoti. / Delodajalec: Sample Builders / Naslov delodajalca: Sample Street 1 / Začetek dela: 1. marec "
    "2026 / Pri tem delodajalcu še vedno delam. / Meseci brez plače ali brez celotne plače: september 2026 in oktober "
    "2026 / Manjkajoči znesek, kolikor mi je znano: približno 1.200 EUR / Dokazi, ki jih lahko predložim: plačilne "
    "liste / Opis z mojimi besedami (jezik: angleščina): / My employer does not pay my salary, what can I do? / Plača "
    "mora biti izplačana najpozneje 18 dni po preteku plačilnega obdobja. / Prosim, da navedbe preverite in ustrezno "
    "ukrepate. / Ime in priimek: Sample Person / Podpis: " + "_" * 30
)


async def up_to_review(desk: Desk, language: str = "en") -> Guest:
    """Somebody who says as little as can be said."""
    guest = desk.person(language)
    await guest.says("/letter")
    for said in ("canary builders", "1. 1. 2020", "canary place"):
        await guest.says(said)
    for number in (1, 1):  # no day known, still there
        await press_number(guest, number)
    await press_number(guest, 1)  # this month
    await press_last(guest)  # that is all
    for _question in ("amount", "evidence", "words"):
        await press_last(guest)
    await press_number(guest, 1)  # without a name
    return guest


async def press_number(guest: Guest, number: int) -> None:
    token, laid = guest.screen[-1]
    await guest.presses_at(str(token), [one for row in laid.rows for one in row][number - 1])


async def press_last(guest: Guest) -> None:
    """The last answer: what follows it is Back and Cancel."""
    _token, laid = guest.screen[-1]
    await press_number(guest, sum(len(row) for row in laid.rows) - 2)


async def test_one_answer_is_corrected_and_the_others_stay(desk: Desk) -> None:
    guest = await up_to_review(desk)
    await guest.chats("""
        > [No]
        < What is not right? [Name of the employer] [Address of the employer] [Place of work] [Start of work]
          [End of work] [Months without pay] [Missing amount] [Evidence] [My own words] [With or without my name]
          [Back] [Cancel]
        > [Months without pay]
        < Please answer this again. / For which months did you not get your pay, or not all of it? Choose them one
          after another. [November 2026] [October 2026] [September 2026] [August 2026] [July 2026] [June 2026]
          [May 2026] [April 2026] [March 2026] [February 2026] [January 2026] [December 2025] [Earlier months too]
          [Back] [Cancel]
    """)
    await guest.presses("Earlier months too")
    (shown,) = await guest.presses("That is all")
    assert "are more than a year ago." in shown.text
    assert "canary builders" in shown.text
    await guest.presses("No")
    await guest.presses("With or without my name")
    await guest.presses("With my name")
    await guest.says("canary person")
    (shown,) = await guest.presses("Skip")
    assert "Name: canary person" in shown.text


async def test_after_a_day_nothing_of_it_is_left(desk: Desk) -> None:
    guest = await up_to_review(desk)
    await guest.presses("Yes")
    assert await desk.count(Document) == 1
    desk.clock.pass_(hours=24)
    assert set((await clockwork.sweep_brief(desk.house)).values()) == {0}
    desk.clock.pass_(seconds=1)
    gone = await clockwork.sweep_brief(desk.house)
    assert {name: count > 0 for name, count in gone.items()} == {
        "documents": True, "outbox": True, "messages": True, "dialogs": False,
    }  # fmt: skip
    assert (await desk.count(Document), await desk.count(ChatMessage)) == (0, 0)
    async with desk.house.db.reading() as session:
        assert set(await session.scalars(select(StoredUpdate.raw))) == {None}
        kinds = [(one.kind, one.topic, one.data) for one in await session.scalars(select(Happening))]
    assert kinds == [("finished", "work.inspectorate", {"flow": "letter"})]


async def test_a_letter_left_unfinished_goes_too(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/letter")
    await guest.says("canary builders")
    desk.clock.pass_(days=1, seconds=1)
    await clockwork.sweep_brief(desk.house)
    assert (await desk.count(Dialog), await desk.count(ChatMessage)) == (0, 0)


async def test_deleting_oneself_deletes_the_letter(desk: Desk) -> None:
    guest = await up_to_review(desk)
    await guest.presses("Yes")
    await guest.says("/delete")
    await guest.says("yes")
    await desk.tick()
    assert (await desk.count(Document), await desk.count(ChatMessage)) == (0, 0)


async def test_in_slovene_the_letter_is_not_explained_once_more(desk: Desk) -> None:
    guest = await up_to_review(desk, "sl")
    shown = await press_yes(guest)
    assert [laid.document is not None for laid in shown] == [False, True]


async def press_yes(guest: Guest) -> list[Laid]:
    token, laid = guest.screen[-1]
    return await guest.presses_at(str(token), laid.rows[0][0])


async def test_the_answers_about_work_lead_to_it(desk: Desk) -> None:
    guest = desk.person("en")
    for field in ("💼 Work",):
        await guest.says("/menu")
        await guest.presses(field)
    (shown,) = await guest.presses("📝 Your rights at work")
    assert "✉️ Letter to the Labour Inspectorate" in [one.label for row in shown.rows for one in row]
    begun = await guest.presses("✉️ Letter to the Labour Inspectorate")
    assert begun[-1].text == EMPLOYER
