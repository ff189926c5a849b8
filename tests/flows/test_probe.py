from tests.desk import Desk, told
async def test_probe(desk: Desk) -> None:
    guest = desk.person(hint="en")
    for words in ["/start", "How do I register my address?", "asdf qwer zxcv", "hello", "I need a doctor"]:
        print(">", words)
        for laid in await guest.says(words):
            print(told(laid, desk))
    stranger = desk.person()
    for words in ["/start"]:
        for laid in await stranger.says(words):
            print(told(laid, desk))
    t = desk.person()
    for laid in await t.says("Как зарегистрировать адрес проживания в Словении?"):
            print(told(laid, desk))
