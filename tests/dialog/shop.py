"""A small flow whose world changes while somebody is asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.dialog.questions import Option
from bot.dialog.talk import Talk
from bot.i18n import Text, raw


@dataclass
class Shop:
    """What changes in the world while somebody is asked."""

    goods: list[str] = field(default_factory=lambda: ["apple", "bread"])
    price: int = 5
    asks_first: bool = False
    asks_last: bool = True
    looked: int = 0

    def options(self) -> list[Option]:
        return [Option(one, raw(one.title())) for one in self.goods]

    async def buy(self, talk: Talk) -> Text:
        if self.asks_first:
            await talk.text("bag", raw("Which bag?"))
        what = await talk.choose("what", raw("What do you want?"), self.options())
        if not self.asks_last:
            return raw(f"Here is your {what}.")
        how_many = await talk.number("how many", raw("How many?"), 1, 9)
        return raw(f"Here: {how_many} {what}.")

    async def order(self, talk: Talk) -> Text:
        what = await talk.choose("what", raw("What do you want?"), self.options())
        if not await talk.confirm("sure", raw(f"{what} for {self.price}, right?")):
            return raw("Fine, nothing was ordered.")
        return raw(f"Ordered: {what} for {self.price}.")
