"""Topics in languages other than English, in several scripts."""

from youtube_emulator.made_up.topic import Topic

CUISINE = Topic(
    subject="recette facile",
    language="fr",
    category_id="26",
    ideas=(
        "la tarte aux pommes", "le bœuf bourguignon", "les crêpes", "la ratatouille", "le gratin dauphinois",
        "la soupe à l'oignon", "les œufs cocotte", "le clafoutis", "la quiche lorraine", "l'aïoli maison",
    ),
    titles=(
        "Recette facile : {idea} en {n} minutes", "{idea} comme chez mamie ❤️",
        "Le secret de {idea} (c'est tout bête)",
        "{idea} : {n} erreurs à éviter", "On teste {idea} à l'ancienne & c'est bluffant",
        "« Trop bon ! » {idea}",
    ),
    tags=("cuisine", "recette", "gastronomie", "fait maison", "dessert", "chef", "cuisine française"),
    sentences=(
        "Aujourd'hui, une recette toute simple qui plaît aux petits comme aux grands.",
        "Il vous faut de la crème fraîche, des œufs & un peu de patience.",
        "L'astuce, c'est de laisser reposer la pâte au frais pendant une heure.",
        "Dites-moi en commentaire comment vous la préparez chez vous.",
        "Préchauffez le four à 180 °C et beurrez généreusement le moule.",
    ),
    channel_firsts=("Les Recettes de", "La Table d'", "Casseroles &", "Chez", "Le Fouet de"),
    channel_lasts=("Élodie", "Anaïs", "Compagnie", "Gaëlle", "François"),
)  # fmt: skip

FUTBOL = Topic(
    subject="fútbol",
    language="es",
    category_id="17",
    weight=1.2,
    ideas=(
        "el clásico", "la final de copa", "los fichajes", "el gol de chilena", "la selección", "los penaltis",
        "la cantera", "el VAR", "la remontada", "el descenso",
    ),
    titles=(
        "¡{idea}! Resumen y goles, jornada {n}", "¿Por qué {idea} lo cambió todo?",
        "{idea}: las {n} claves ⚽🔥",
        "\"No me lo creo\": así se vivió {idea}", "Tertulia de fútbol #{n}: {idea}",
        "{idea} & polémica arbitral",
    ),
    tags=("futbol", "goles", "liga", "resumen", "champions", "deportes", "football", "análisis"),
    sentences=(
        "¡Qué partidazo! Dos expulsados, un penalti fallado y gol en el minuto 94.",
        "Analizamos jugada a jugada con la pizarra táctica.",
        "El entrenador no estuvo de acuerdo & lo dijo en la rueda de prensa.",
        "La afición acompañó al equipo hasta el final bajo la lluvia.",
        "Próximo programa: el mercado de invierno, con invitados.",
    ),
    channel_firsts=("Área", "Banquillo &", "Minuto", "Pelota", "Grada"),
    channel_lasts=("Chica", "Noventa", "Pizarra", "Total", "Norte"),
)  # fmt: skip

HEIMWERKEN = Topic(
    subject="heimwerken",
    language="de",
    category_id="26",
    weight=0.7,
    ideas=(
        "eine Werkbank", "ein Hochbeet", "die Küche", "ein Baumhaus", "alte Türen", "ein Bücherregal",
        "das Bad",
        "einen Gartenzaun", "ein Gewächshaus", "die Fußbodenheizung",
    ),
    titles=(
        "Ich baue {idea} in {n} Tagen", "{idea}: {n} Fehler, die ihr vermeiden könnt",
        "{idea} für unter {n}0 € 🔨",
        "„Das hält nie!“ – {idea} selbst gemacht", "Heimwerken für Anfänger #{n}: {idea}",
        "{idea} & was schiefging",
    ),
    tags=("diy", "selber bauen", "holz", "werkstatt", "renovieren", "anleitung", "handwerk"),
    sentences=(
        "Heute wird gesägt, geschliffen & geflucht: am Ende steht das Ding.",
        "Die Stückliste und alle Maße stehen weiter unten.",
        "Wer keine Tischkreissäge hat, kommt auch mit der Stichsäge zum Ziel.",
        "Vorsicht bei Wasser und Strom: im Zweifel eine Fachkraft fragen!",
        "Öl statt Lack, weil's schöner altert.",
    ),
    channel_firsts=("Werkstatt", "Nagel &", "Onkel Jürgens", "Späne", "Müllers"),
    channel_lasts=("Köpfe", "Schraube", "Keller", "Garage", "Atelier"),
)  # fmt: skip

VIAGEM = Topic(
    subject="viagem",
    language="pt",
    category_id="19",
    weight=0.8,
    ideas=(
        "Lisboa", "o Pantanal", "a Chapada Diamantina", "o Japão", "São Paulo", "os Açores", "a Patagônia",
        "Fernando de Noronha", "o Jalapão", "Marrocos",
    ),
    titles=(
        "Viagem: {idea} em {n} dias ✈️", "Quanto custa conhecer {idea}?", "{idea}: {n} dicas que ninguém conta",
        "\"Não vá sem ver isto\" – {idea}", "Roteiro completo & barato: {idea}",
        "Diário de viagem #{n}: {idea}",
    ),
    tags=("viajar", "roteiro", "dicas de viagem", "turismo", "mochilão", "travel", "vlog de viagem"),
    sentences=(
        "Neste vídeo mostramos o roteiro completo, com preços & mapas.",
        "A melhor época é entre maio e setembro, quando quase não chove.",
        "Ficamos numa pousada simples, a dez minutos da praia.",
        "Atenção: leve dinheiro em espécie, pois nem todos aceitam cartão.",
        "O pôr do sol daqui é inesquecível.",
    ),
    channel_firsts=("Mala", "Pé na", "Rota &", "Casal", "Mundo"),
    channel_lasts=("Pronta", "Estrada", "Destino", "Sem Pressa", "Afora"),
)  # fmt: skip

CRICKET = Topic(
    subject="क्रिकेट",
    language="hi",
    category_id="17",
    weight=1.2,
    ideas=(
        "भारत की जीत", "आखिरी ओवर", "टेस्ट सीरीज़", "नई टीम", "विश्व कप फाइनल", "तेज़ गेंदबाज़ी", "शतक",
        "सुपर ओवर",
    ),
    titles=(
        "{idea} | क्रिकेट हाइलाइट्स मैच {n} 🏏", "{idea}: {n} बड़ी बातें", "\"यकीन नहीं होता\" – {idea}",
        "क्रिकेट चर्चा #{n}: {idea} & टीम चयन", "कैसे बदला मैच? {idea} 🔥",
    ),
    tags=("cricket", "क्रिकेट न्यूज़", "highlights", "team india", "ipl", "मैच", "sport"),
    sentences=(
        "आज के मैच में आखिरी गेंद तक रोमांच बना रहा।",
        "कप्तान ने टॉस जीतकर पहले बल्लेबाज़ी करने का फैसला किया।",
        "हमारे विशेषज्ञ हर विकेट का विश्लेषण करते हैं।",
        "अंक तालिका में अब मुकाबला और भी कड़ा हो गया है।",
    ),
    channel_firsts=("क्रिकेट", "मैदान", "Desi", "खेल &", "पिच"),
    channel_lasts=("अड्डा", "Talks", "रिपोर्ट", "खिलाड़ी", "टीवी"),
)  # fmt: skip

RYORI = Topic(
    subject="料理",
    language="ja",
    category_id="26",
    weight=1.0,
    ideas=(
        "親子丼", "味噌ラーメン", "だし巻き卵", "唐揚げ", "お弁当", "手打ちうどん", "肉じゃが", "抹茶プリン",
        "カレーライス",
    ),
    titles=(
        "【簡単料理】{idea}の作り方 #{n}", "{idea}を{n}分で作る🍳", "プロが教える「{idea}」の秘密",
        "{idea} & 副菜{n}品！作り置き料理",
        "祖母の{idea}を再現してみた", "\"OISHII\" {idea} Japanese home cooking",
    ),
    tags=("レシピ", "和食", "簡単レシピ", "家庭料理", "japanese food", "cooking", "自炊"),
    sentences=(
        "今日は冷蔵庫にある材料だけで作れる簡単な一品をご紹介します。",
        "ポイントは、だしを取るときに沸騰させないことです。",
        "材料（2人分）：卵3個、玉ねぎ半分、しょうゆ大さじ2、みりん大さじ1。",
        "お弁当のおかずにもぴったりなので、ぜひ作ってみてください。",
    ),
    channel_firsts=("まいにち", "小さな", "こばやし", "週末", "のんびり"),
    channel_lasts=("ごはん", "台所", "食堂", "キッチン", "レシピ帖"),
)  # fmt: skip

KPOP = Topic(
    subject="케이팝",
    language="ko",
    category_id="10",
    weight=1.1,
    ideas=(
        "컴백 무대", "안무 연습", "신곡 티저", "팬미팅", "직캠", "데뷔 쇼케이스", "커버 댄스", "앨범 언박싱",
    ),
    titles=(
        "[케이팝] {idea} 모음 {n}탄 💜", "{idea} 비하인드 EP.{n}", "\"역대급\" {idea} 리액션",
        "K-POP {idea} & 인터뷰",
        "처음 보는 {idea} | random play dance #{n}",
    ),
    tags=("kpop", "k-pop", "dance practice", "music", "idol", "comeback", "아이돌", "무대"),
    sentences=(
        "오늘은 팬 여러분이 가장 많이 요청하신 무대를 준비했습니다.",
        "연습실에서 보낸 한 달을 짧은 영상으로 담았어요.",
        "안무가와의 인터뷰는 다음 주에 공개됩니다.",
        "영어 자막이 있습니다. Turn on CC & enjoy!",
    ),
    channel_firsts=("서울", "스테이지", "라라", "문라이트", "하루"),
    channel_lasts=("스튜디오", "뮤직", "댄스", "TV", "레코드"),
)  # fmt: skip

WASFAT = Topic(
    subject="وصفات",
    language="ar",
    category_id="26",
    weight=0.6,
    ideas=("الكبسة", "الكنافة", "ورق العنب", "الفلافل", "شوربة العدس", "المقلوبة", "خبز الصاج", "البسبوسة"),
    titles=(
        "وصفات سهلة: {idea} في {n} دقيقة", "سر {idea} من المطبخ القديم 😍", "أطيب {idea} & أسهل طريقة",
        "وصفات رمضان #{n}: {idea}",
    ),
    tags=("طبخ", "مطبخ", "أكلات", "حلويات", "arabic food", "cooking"),
    sentences=(
        "اليوم نقدم لكم طريقة سهلة بمكونات موجودة في كل بيت.",
        "السر في التتبيلة وفي الطبخ على نار هادئة.",
        "المقادير كاملة مكتوبة في نهاية الوصف.",
        "جربوها وأخبرونا بالنتيجة!",
    ),
    channel_firsts=("مطبخ", "سفرة", "نكهات", "بيت"),
    channel_lasts=("أم يوسف", "الشام", "ليلى", "الأصيل", "سلمى"),
)  # fmt: skip

KOSMOS = Topic(
    subject="космос",
    language="ru",
    category_id="28",
    weight=0.6,
    ideas=(
        "чёрные дыры", "полёт на Марс", "новый телескоп", "кольца Сатурна", "тёмная материя", "лунная база",
        "комета", "пульсары",
    ),
    titles=(
        "{idea}: {n} фактов о космосе", "Почему {idea} важнее, чем кажется 🚀", "«Этого не может быть»: {idea}",
        "Космос за {n} минут: {idea}", "{idea} & вопросы подписчиков, выпуск {n}",
    ),
    tags=("астрономия", "наука", "вселенная", "физика", "space", "планеты"),
    sentences=(
        "Разбираемся, что на самом деле показали новые наблюдения.",
        "В гостях астрофизик, который работал с этими данными три года.",
        "Все источники и ссылки на статьи — в описании ниже.",
        "Учёные ещё спорят, & это самое интересное.",
    ),
    channel_firsts=("Орбита", "Большая", "Тихий", "Ночное", "Парсек"),
    channel_lasts=("Науки", "Медведица", "Космос", "Небо", "Плюс"),
)  # fmt: skip

WORLD_TOPICS = (CUISINE, FUTBOL, HEIMWERKEN, VIAGEM, CRICKET, RYORI, KPOP, WASFAT, KOSMOS)
