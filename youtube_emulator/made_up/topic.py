"""What there is to tell about a topic, and what all topics of a language share."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic. In `titles`, `{idea}` and `{n}` stand for an idea and a number; `subject` finds all its videos.

    Channels are named by a word of `channel_firsts` and one of `channel_lasts`. `weight` is its share of videos.
    """

    subject: str
    language: str
    category_id: str
    ideas: tuple[str, ...]
    titles: tuple[str, ...]
    tags: tuple[str, ...]
    sentences: tuple[str, ...]
    channel_firsts: tuple[str, ...]
    channel_lasts: tuple[str, ...]
    weight: float = 1.0


CLOSINGS: dict[str, tuple[str, ...]] = {
    "en": (
        "Subscribe & hit the bell so you don't miss the next one!",
        "Chapters: 00:00 Intro 01:12 What you need 04:30 Let's start 11:47 The result",
        'Business enquiries: see the "About" tab. Some links are affiliate links; thanks for your support ❤️',
        "Filmed on location. Music licensed. All opinions are my own.",
    ),
    "fr": (
        "Abonne-toi & active la cloche pour ne rien manquer !",
        "Sommaire : 00:00 Introduction 01:30 L'essentiel 06:45 Étape par étape 12:10 Résultat",
        "Retrouvez-nous aussi sur les réseaux. Merci d'être là, c'est grâce à vous 💙",
    ),
    "es": (
        "¡Suscríbete y activa la campanita para no perderte nada!",
        "Capítulos: 00:00 Inicio 02:05 Lo más importante 07:40 Análisis 13:00 Conclusión",
        "Gracias por estar aquí. Déjame tu opinión en los comentarios 👇",
    ),
    "de": (
        "Abonniert den Kanal & lasst gern einen Daumen nach oben da!",
        "Kapitel: 00:00 Begrüßung 01:45 Material 05:20 Schritt für Schritt 14:02 Fazit",
        "Alle Maße findet ihr in der Beschreibung. Fragen? Ab in die Kommentare!",
    ),
    "pt": (
        "Inscreva-se e ative o sininho para não perder nenhum vídeo!",
        "Capítulos: 00:00 Introdução 02:15 A viagem 08:30 Dicas 12:45 Quanto custou",
        "Deixe seu comentário: qual é o próximo destino? ✈️",
    ),
    "hi": (
        "चैनल को सब्सक्राइब करें और घंटी दबाना न भूलें 🔔",
        "समय: 00:00 शुरुआत 02:10 तैयारी 06:40 मुख्य भाग 11:20 नतीजा",
        "आपको यह वीडियो कैसा लगा? कमेंट में ज़रूर बताएं।",
    ),
    "ja": (
        "チャンネル登録と高評価をよろしくお願いします！",
        "目次：00:00 はじめに 01:40 準備 05:15 本編 10:50 まとめ",
        "コメントで感想を教えてください。次回もお楽しみに🎐",
    ),
    "ko": (
        "구독과 좋아요, 알림 설정 부탁드려요!",
        "타임라인: 00:00 인트로 01:20 본편 06:10 하이라이트 09:55 마무리",
        "댓글로 여러분의 생각을 알려주세요 💜",
    ),
    "ar": (
        "لا تنسوا الاشتراك في القناة وتفعيل الجرس 🔔",
        "الفصول: 00:00 المقدمة 02:00 البداية 07:30 التفاصيل 12:15 الخلاصة",
        "شاركونا آراءكم في التعليقات.",
    ),
    "ru": (
        "Подписывайтесь на канал и ставьте лайк, если было интересно!",
        "Главы: 00:00 Вступление 01:50 Суть 07:05 Подробности 13:30 Выводы",
        "Пишите в комментариях, что разобрать в следующий раз 🚀",
    ),
}
"""By language, what ends a description whatever it is about."""
