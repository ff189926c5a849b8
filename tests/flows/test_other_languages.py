"""Whole conversations in other languages than English, as people read them."""

from __future__ import annotations

from tests.desk import Desk
from tests.flows.deeds import closes, replies


async def test_in_russian_from_a_question_to_a_person_and_back(desk: Desk) -> None:
    guest = desk.person()
    await guest.chats("""
        > Как зарегистрировать временный адрес?
        < Это Starting Point Postojna: бесплатная информация и помощь для новоприбывших. / Starting Point Postojna —
          это служба, которую ведёт (sample operator). / Мы не полиция и не учреждение, которое принимает решения о
          разрешениях на проживание и работу. / Имя называть необязательно. Я программа; если вы попросите, вам
          ответит сотрудник пункта помощи. / Мы храним ваши сообщения 90 дней, потом они удаляются. / Удалить всё
          сейчас: /delete. Подробнее: /privacy [🌐 Язык]
        < {residence.address ru} Официальная страница: https://infotujci.si/ / Адрес, телефон и
          часы работы уточните в учреждении. / Проверено: 21 ноября 2026 г. / Это
          информация, а не юридическая консультация. Решение принимает учреждение. [👍 Это помогло] [👎 Не помогло] [🪧
          Показать по-словенски] [🔁 Продление временного вида на жительство] [👪 Воссоединение семьи] [👤 Поговорить с
          человеком] [☰ Меню]
        > [👍 Это помогло]
        < Хорошо. Спрашивать можно в любое время. [☰ Меню]
        > человек
        < Какой у вас вопрос? Достаточно одного-двух предложений. Их прочитает человек. [Отменить]
        > У меня вопрос про лампу.
        < Номер вашего вопроса: 1001. Сотрудник пункта помощи прочитает его и ответит вам здесь. А пока вы можете
          дополнить его или спросить меня о другом. [☰ Меню] [🚨 Я в опасности]
        > [☰ Меню]
        < (Автоматический ответ) Чем можем помочь? Выберите тему или напишите вопрос своими словами. [🧭 Мои первые
          шаги] [🗣 Словенский язык] [📄 Документы и учреждения] [🤝 Люди и контакты] [📅 Занятия и мероприятия] [🏛 Культура и места] [💼
          Работа] [🏪 Своё дело] [👤 Поговорить с человеком] [📁 Мои вопросы и данные] [🚨 Я в опасности]
        > Это срочно.
        < Добавлено к вашему вопросу 1001.
    """)
    vesna = await desk.has_staff()
    await replies(desk, vesna, "Приходите во вторник.")
    await closes(desk, vesna)
    await guest.chats("""
        < (Vesna) Приходите во вторник.
        < Вопрос 1001 закрыт. Вы снова можете спрашивать меня в любое время.
        < Чем можем помочь? Выберите тему или напишите вопрос своими словами. [🧭 Мои первые шаги] [🗣 Словенский
          язык] [📄 Документы и учреждения] [🤝 Люди и контакты] [📅 Занятия и мероприятия] [🏛 Культура и места] [💼 Работа] [🏪 Своё дело] [👤
          Поговорить с человеком] [📁 Мои вопросы и данные] [🚨 Я в опасности]
    """)


async def test_in_slovene_by_the_menu_to_a_form_and_to_the_end(desk: Desk) -> None:
    await desk.person(hint="sl").chats("""
        > /start
        < To je Starting Point Postojna: brezplačne informacije in pomoč za priseljence. / Starting Point Postojna:
          info točko vodi (sample operator). / Nismo policija in nismo urad, ki odloča o dovoljenjih. / Imena vam ni
          treba povedati. Jaz sem program; če želite, vam odgovori človek z info točke. / Vaša sporočila hranimo 90
          dni, nato jih izbrišemo. / Takojšen izbris vsega: /delete. Več: /privacy [🌐 Jezik]
        < Pozdravljeni! Kako vam lahko pomagamo? Izberite ali napišite vprašanje s svojimi besedami. [🧭 Moji prvi
          koraki] [🗣 Slovenščina] [📄 Dokumenti in uradi] [🤝 Ljudje in stiki] [📅 Delavnice, dogodki] [🏛 Kultura in kraji] [💼 Delo] [🏪 Lastno
          podjetje] [👤 Pogovor s človekom] [📁 Moje stvari] [🚨 V nevarnosti sem]
        > [📄 Dokumenti in uradi]
        < 📄 Dokumenti in uradi | Izberite temo ali napišite vprašanje s svojimi besedami. [🪪 Dovoljenja,
          bivanje] [👪 Družina, šola] [🩺 Zdravje] [💶 Denar, stanovanje] [✒️ Dokumenti, vožnja] [👤 Pogovor s
          človekom] [☰ Meni]
        > [🪪 Dovoljenja, bivanje]
        < 🪪 Dovoljenja, bivanje | Izberite temo ali napišite vprašanje s svojimi besedami. [🇸🇮 Državljanstvo
          Slovenije] [🌳 Slovenski predniki in državljanstvo] [🏢 Upravna enota Postojna] [🏠 Prijava naslova
          (prebivališča)] [🔢 Osebna številka EMŠO] [🇪🇺 Prijava prebivanja za državljane EU] [👪 Združitev družine] [🪪
          Prvo dovoljenje za začasno prebivanje] [🏡 Dovoljenje za stalno prebivanje] [🔁 Podaljšanje dovoljenja za
          začasno prebivanje] [🧰 Dovoljenje za samozaposlene] [🛂 Enotno dovoljenje za prebivanje in delo] [🎓
          Dovoljenje za prebivanje zaradi študija] [👤 Pogovor s človekom] [☰ Meni]
        > [👪 Družina, šola]
        < 👪 Družina, šola | Izberite temo ali napišite vprašanje s svojimi besedami. [🧒 Otroški dodatek] [🤰
          Porodniški dopust] [👶 Papirji za novorojenčka] [🍼 Starševski dodatek] [🧸 Vpis otroka v vrtec] [🎒 Vpis otroka
          v osnovno šolo] [🏫 Vpis v srednjo šolo] [👤 Pogovor s človekom] [☰ Meni]
        > [🩺 Zdravje]
        < 🩺 Zdravje | Izberite temo ali napišite vprašanje s svojimi besedami. [🩺 Izbira zdravnika in zobozdravnika]
          [💳 Obvezno zdravstveno zavarovanje in kartica] [🗣️ Tolmač ali mediator pri zdravniku] [💉 Cepljenje otrok] [👤
          Pogovor s človekom] [☰ Meni]
        > [👤 Pogovor s človekom]
        < Kaj želite vprašati? Dovolj je stavek ali dva. Vprašanje bo prebral človek. [Prekliči]
        > nazaj
        < To je prvo vprašanje.
        < Kaj želite vprašati? Dovolj je stavek ali dva. Vprašanje bo prebral človek. [Prekliči]
        > prekliči
        < Preklicano. Nič ni bilo shranjeno.
        < Kako vam lahko pomagamo? Izberite ali napišite vprašanje s svojimi besedami. [🧭 Moji prvi koraki] [🗣 Slovenščina] [📄 Dokumenti
          in uradi] [🤝 Ljudje in stiki] [📅 Delavnice, dogodki] [🏛 Kultura in kraji] [💼 Delo] [🏪 Lastno podjetje] [👤
          Pogovor s človekom] [📁 Moje stvari] [🚨 V nevarnosti sem]
        > /mydata
        < 📁 Moje stvari | Nimate odprtih vprašanj. / Jezik: Slovenščina / Hranimo 19 sporočil iz tega klepeta. [⚙️ Nastavitve] [📄 Kopija podatkov] [🔒 Vaši podatki] [🗑 Izbriši vse] [👤 Pogovor s človekom] [☰
          Meni]
        > [🗑 Izbriši vse]
        < Naj izbrišemo vse o vas: ta klepet na info točki, vaša vprašanja in vaš jezik? Tega ni mogoče
          razveljaviti. [Da] [Ne] [Prekliči]
        > ne
        < V redu, nič ni bilo izbrisano. [☰ Meni]
        > izbriši moje podatke
        < Naj izbrišemo vse o vas: ta klepet na info točki, vaša vprašanja in vaš jezik? Tega ni mogoče
          razveljaviti. [Da] [Ne] [Prekliči]
        > da
        < Na info točki je vse o vas izbrisano. Kar je v tem klepetu na vašem telefonu, lahko tam izbrišete sami.
          Vrnete se lahko kadar koli: /start
    """)


async def test_in_arabic_danger_and_then_another_language(desk: Desk) -> None:
    await desk.person(hint="ar").chats("""
        > /start
        < هنا Starting Point Postojna: معلومات ومساعدة مجانية للقادمين الجدد. / الجهة المسؤولة عن Starting Point
          Postojna هي (sample operator). / نحن لسنا الشرطة ولسنا المكتب الذي يقرر بشأن التصاريح. / لا يلزمك ذكر اسمك.
          أنا برنامج آلي؛ ويجيبك شخص من نقطة المعلومات عندما تطلب ذلك. / نحتفظ برسائلك مدة 90 يوماً، ثم نحذفها. / لحذف
          كل شيء الآن: /delete. للمزيد: /privacy [🌐 اللغة]
        < مرحباً! كيف نساعدك؟ اختر، أو اكتب سؤالك بكلماتك. [🧭 خطواتي الأولى] [🗣 اللغة السلوفينية] [📄 الأوراق والدوائر] [🤝 الناس
          والتعارف] [📅 ورش العمل والفعاليات] [🏛 الثقافة والأماكن] [💼 العمل] [🏪 مشروع خاص] [👤 التحدث مع شخص] [📁 ما
          يخصني] [🚨 أنا في خطر]
        > [🗣 اللغة السلوفينية]
        < 🗣 اللغة السلوفينية | اختر موضوعاً، أو اكتب سؤالك بكلماتك. [📚 الدورات] [📚 تعليم الكبار في بوستوينا] [🎓 امتحان اللغة
          السلوفينية] [🗣️ اللغة السلوفينية عند تمديد إقامة الأسرة] [📘 دورة مجانية في اللغة السلوفينية (ZIP)] [👤
          التحدث مع شخص] [☰ القائمة]
        > زوجي يضربني
        < هل أنت في خطر؟ اتصل الآن. | 112 الإسعاف والإطفاء والإنقاذ (مجاناً) / 113 الشرطة / 080\u00a011\u00a055 عند
          العنف في المنزل: للنساء والأطفال، مجاناً، بدون ذكر الاسم، ليلاً ونهاراً / 116\u00a0123 شخص تتحدث إليه عند
          اليأس أو الضيق الشديد، مجاناً، ليلاً ونهاراً / قل أين أنت، وماذا حدث، ومن يحتاج إلى المساعدة.
        < لا أحد في نقطة المعلومات يقرأ الآن. لا تنتظر: اتصل بالرقم 112 أو 113. [☰ القائمة]
        > /language
        < (إجابة آلية) اختر لغتك [Slovenščina] [English] [Bosanski / Hrvatski / Srpski] [Српски] [Shqip]
          [Македонски] [العربية] [دری / فارسی] [پښتو] [اردو] [বাংলা] [Русский] [Українська] [Español]
        > [Shqip]
        < (Përgjigje automatike) Si mund t'ju ndihmojmë? Zgjidhni ose shkruani pyetjen me fjalët tuaja. [🧭 Hapat e mi
          të parë] [🗣 Gjuha
          sllovene] [📄 Dokumente dhe zyra] [🤝 Njerëz dhe kontakte] [📅 Punëtori, ngjarje] [🏛 Kulturë dhe vende] [💼
          Puna] [🏪 Biznesi im] [👤 Bisedë me një person] [📁 Gjërat e mia] [🚨 Jam në rrezik]
        > ndihmë
        < (Përgjigje automatike) Shkruani pyetjen me fjalët tuaja, në gjuhën tuaj. Unë kërkoj një përgjigje të
          kontrolluar. / Nëse nuk e di, ose nëse dëshironi, këtu ju përgjigjet një person nga info-pika. / Të gjitha
          temat: /menu / Bisedë me një person: /person / Gjuhë tjetër: /language / Çfarë ruajmë për ju: /mydata / Për
          të fshirë gjithçka që kemi për ju: /delete / Numrat e emergjencës: /danger [☰ Menyja] [👤 Bisedë me një
          person] [🚨 Jam në rrezik]
    """)
