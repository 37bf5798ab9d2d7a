"""The vocabulary of the demo catalogue: its categories and the words that service names are made of."""

from typing import NamedTuple


class Aisle(NamedTuple):
    """One category: its label, its language, what is sold in it as (type, words), and from what to what rate."""

    label: str
    tongue: str
    goods: tuple[tuple[str, str], ...]
    low: float
    high: float


class Tags(NamedTuple):
    """The bracketed remarks of one language; `{}` takes a number such as 500K or 30."""

    qualities: tuple[str, ...]
    max: str
    refill: tuple[str, ...]
    no_refill: tuple[str, ...]
    speed: str
    cancel: str
    description: str


def _aisle(label: str, tongue: str, low: float, high: float, *goods: str | tuple[str, str]) -> Aisle:
    """A category in one line: goods of the type Default are given by their words alone."""
    return Aisle(
        label, tongue, tuple(("Default", good) if isinstance(good, str) else good for good in goods), low, high
    )


_MENTIONS = (
    "Mentions",
    "Mentions with Hashtags",
    "Mentions Custom List",
    "Mentions Hashtag",
    "Mentions User Followers",
    "Mentions Media Likers",
)


def _mentions(brand: str) -> tuple[tuple[str, str], ...]:
    return tuple((kind, f"{brand} {kind}") for kind in _MENTIONS)


def _comments(brand: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Default", f"{brand} Random Comments"),
        ("Custom Comments", f"{brand} Custom Comments"),
        ("Custom Comments", f"{brand} Custom Comments Verified"),
        ("Custom Comments Package", f"{brand} Custom Comments Package"),
        ("Comment Likes", f"{brand} Comment Likes"),
        ("Comment Replies", f"{brand} Comment Replies"),
    )


AISLES: tuple[Aisle, ...] = (
    _aisle("📸 Instagram | Followers", "en", 0.35, 6, "Instagram Followers", "Instagram Followers Old Accounts"),
    _aisle("📸 Instagram | Followers [Guaranteed]", "en", 0.9, 12, "Instagram Followers Non Drop"),
    _aisle("📸 Instagram | Likes", "en", 0.01, 2, "Instagram Likes", "Instagram Power Likes"),
    _aisle("📸 Instagram | Views & Reels", "en", 0.001, 0.4, "Instagram Reel Views", "Instagram Video Views"),
    _aisle(
        "📸 Instagram | Story & Reach", "en", 0.02, 1, "Instagram Story Views", "Instagram Reach", "Instagram Saves"
    ),
    _aisle("📸 Instagram | Comments", "en", 0.8, 40, *_comments("Instagram")),
    _aisle("📸 Instagram | Mentions", "en", 1, 25, *_mentions("Instagram")),
    _aisle(
        "📸 Instagram | Auto Likes & Views",
        "en",
        0.02,
        3,
        ("Subscriptions", "Instagram Auto Likes"),
        ("Subscriptions", "Instagram Auto Views"),
        "Instagram Likes for Auto",
    ),
    _aisle(
        "🎁 Instagram | Growth Packages",
        "en",
        0.9,
        60,
        ("Package", "Instagram Starter Package"),
        ("Package", "Instagram Explore Package"),
    ),
    _aisle("📸 Instagram | Story Polls", "en", 0.2, 5, ("Poll", "Instagram Story Poll Votes"), "Instagram Story Quiz"),
    _aisle(
        "🔴 Instagram | Live Viewers", "en", 1, 20, "Instagram Live Viewers 30 Min", "Instagram Live Viewers 60 Min"
    ),
    _aisle("🇹🇷 Instagram | Türk Takipçi", "tr", 0.6, 9, "Instagram Türk Takipçi", "Instagram Gerçek Takipçi"),
    _aisle("🇹🇷 Instagram | Türk Beğeni", "tr", 0.05, 3, "Instagram Türk Beğeni", "Instagram Keşfet Etkileşim"),
    _aisle(
        "🇹🇷 Instagram | Türkçe Yorum",
        "tr",
        2,
        45,
        ("Custom Comments", "Instagram Özel Yorum"),
        "Instagram Rastgele Yorum",
    ),
    _aisle("🇷🇺 Instagram | Подписчики", "ru", 0.5, 8, "Instagram Подписчики", "Instagram Живые подписчики"),
    _aisle("🇸🇦 Instagram | متابعين انستقرام", "ar", 0.3, 7, "متابعين انستقرام Instagram", "لايكات انستقرام Instagram"),
    _aisle("✈️ Telegram | Members", "en", 0.25, 5, "Telegram Channel Members", "Telegram Group Members"),
    _aisle("✈️ Telegram | Premium Members", "en", 4, 45, "Telegram Premium Members 7 Days"),
    _aisle("✈️ Telegram | Post Views", "en", 0.002, 0.6, "Telegram Post Views", "Telegram Views Last 5 Posts"),
    _aisle("✈️ Telegram | Reactions", "en", 0.02, 2, "Telegram Reactions 👍❤️🔥", "Telegram Positive Reactions"),
    _aisle("✈️ Telegram | Poll Votes", "en", 0.1, 4, ("Poll", "Telegram Poll Votes"), ("Poll", "Telegram Vote")),
    _aisle(
        "✈️ Telegram | Invites from Groups", "en", 2, 18, ("Invites from Groups", "Telegram Members from Your Groups")
    ),
    _aisle(
        "✈️ Telegram | Auto Views", "en", 0.01, 1, ("Subscriptions", "Telegram Auto Post Views"), "Telegram Future Views"
    ),
    _aisle("🇷🇺 Telegram | Подписчики", "ru", 0.3, 6, "Telegram Подписчики на канал", "Telegram Участники в чат"),
    _aisle("🇷🇺 Telegram | Реакции и просмотры", "ru", 0.005, 1, "Telegram Реакции", "Telegram Просмотры поста"),
    _aisle("🇸🇦 Telegram | اعضاء تيليجرام", "ar", 0.2, 4, "اعضاء تيليجرام Telegram", "مشاهدات تيليجرام Telegram"),
    _aisle("🎵 TikTok | Followers", "en", 0.6, 9, "TikTok Followers", "TikTok Followers HQ Profiles"),
    _aisle("🎵 TikTok | Likes", "en", 0.05, 3, "TikTok Likes", "TikTok Power Likes + Views"),
    _aisle("🎵 TikTok | Views", "en", 0.001, 0.3, "TikTok Video Views", "TikTok Views + Reach"),
    _aisle("🎵 TikTok | Comments", "en", 1, 35, *_comments("TikTok")),
    _aisle("🎵 TikTok | Shares & Saves", "en", 0.05, 1.2, "TikTok Shares", "TikTok Saves"),
    _aisle("🔴 TikTok | Live Stream", "en", 0.3, 25, "TikTok Live Views", "TikTok PK Battle Points"),
    _aisle("🇹🇷 TikTok | Takipçi & Beğeni", "tr", 0.4, 8, "TikTok Türk Takipçi", "TikTok Türk Beğeni"),
    _aisle("🇸🇦 TikTok | مشاهدات تيك توك", "ar", 0.002, 4, "مشاهدات تيك توك TikTok", "متابعين تيك توك TikTok"),
    _aisle("▶️ YouTube | Subscribers", "en", 3, 60, "YouTube Subscribers", "YouTube Subscribers Monetizable"),
    _aisle("▶️ YouTube | Views", "en", 0.5, 6, "YouTube Views", "YouTube Native Ads Views", "YouTube Shorts Views"),
    _aisle(
        "▶️ YouTube | Likes & Comments", "en", 0.4, 40, "YouTube Likes", "YouTube Shorts Likes", *_comments("YouTube")
    ),
    _aisle(
        "▶️ YouTube | Watch Hours", "en", 8, 120, "YouTube Watch Time", ("Package", "YouTube 4000 Watch Hours Package")
    ),
    _aisle(
        "▶️ YouTube | SEO & Ranking", "en", 2, 30, ("SEO", "YouTube Video SEO Views"), ("SEO", "YouTube Search Ranking")
    ),
    _aisle("🇷🇺 YouTube | Просмотры", "ru", 0.6, 20, "YouTube Просмотры", "YouTube Подписчики"),
    _aisle("🐦 X / Twitter | Followers", "en", 1, 18, "X Followers", "Twitter NFT Followers"),
    _aisle("🐦 X / Twitter | Likes & Reposts", "en", 0.4, 9, "X Likes", "X Reposts", "X Bookmarks"),
    _aisle(
        "🐦 X / Twitter | Views & Polls", "en", 0.003, 2, "X Tweet Views", "X Impressions", ("Poll", "X Poll Votes")
    ),
    _aisle("🐦 X / Twitter | Mentions", "en", 2, 30, *_mentions("X")),
    _aisle(
        "👍 Facebook | Page Likes & Followers",
        "en",
        0.4,
        9,
        "Facebook Page Likes + Followers",
        "Facebook Profile Followers",
    ),
    _aisle("👍 Facebook | Reactions", "en", 0.2, 4, "Facebook Post Likes", "Facebook Love ❤️ Reactions"),
    _aisle("👍 Facebook | Video & Groups", "en", 0.05, 6, "Facebook Video Views", "Facebook Group Members"),
    _aisle("👍 Facebook | Comments", "en", 2, 50, *_comments("Facebook")),
    _aisle("🇹🇷 Facebook | Sayfa Beğeni", "tr", 0.5, 8, "Facebook Sayfa Beğeni", "Facebook Türk Takipçi"),
    _aisle("🎧 Spotify | Plays", "en", 0.15, 3, "Spotify Track Plays", "Spotify Playlist Plays Premium"),
    _aisle(
        "🎧 Spotify | Followers & Saves",
        "en",
        0.3,
        7,
        "Spotify Artist Followers",
        "Spotify Saves",
        "Spotify Monthly Listeners",
    ),
    _aisle("🎧 SoundCloud & Apple Music", "en", 0.05, 9, "SoundCloud Plays", "SoundCloud Likes", "Apple Music Plays"),
    _aisle(
        "👾 Twitch | Followers & Viewers",
        "en",
        0.3,
        25,
        "Twitch Followers",
        "Twitch Live Viewers",
        ("Package", "Twitch Affiliate Package"),
    ),
    _aisle("🟢 Kick | Followers & Viewers", "en", 0.5, 20, "Kick Followers", "Kick Live Viewers"),
    _aisle(
        "💬 Discord | Members",
        "en",
        1,
        40,
        "Discord Online Members",
        "Discord Offline Members",
        ("Package", "Discord Server Boost Package"),
    ),
    _aisle(
        "🧵 Threads, LinkedIn, Pinterest", "en", 0.8, 30, "Threads Followers", "LinkedIn Followers", "Pinterest Repins"
    ),
    _aisle(
        "🤖 Reddit, Quora, Snapchat",
        "en",
        0.4,
        60,
        "Reddit Upvotes",
        "Quora Views",
        "Snapchat Views",
        *_comments("Reddit"),
    ),
    _aisle("🟩 WhatsApp | Channels", "en", 1, 14, "WhatsApp Channel Members", "WhatsApp Channel Reactions"),
    _aisle("🇷🇺 ВКонтакте", "ru", 0.2, 7, "VK Подписчики в группу", "VK Лайки", ("Poll", "VK Голоса в опросе")),
    _aisle(
        "🌐 Website Traffic | Worldwide",
        "en",
        0.05,
        1,
        ("Web Traffic", "Website Traffic from Google"),
        ("Web Traffic", "Website Traffic from Social Media"),
    ),
    _aisle(
        "🌐 Website Traffic | Targeted",
        "en",
        0.08,
        3,
        ("Web Traffic", "Website Traffic Targeted"),
        "Website Traffic Direct Visits",
    ),
    _aisle(
        "🔎 SEO | Backlinks & Ranking",
        "en",
        0.5,
        45,
        ("SEO", "SEO Backlinks DA 50+"),
        ("SEO", "Google Keyword Clicks"),
        "Social Signals",
    ),
    _aisle(
        "⭐ Reviews | Google, Trustpilot, Apps",
        "en",
        15,
        900,
        ("Custom Comments", "Google Maps Reviews"),
        ("Custom Comments", "Trustpilot Reviews"),
        ("Package", "App Install + Review Package"),
    ),
)

TAGS: dict[str, Tags] = {
    "en": Tags(
        ("[Real]", "[HQ]", "[Mixed]", "[Bot]", "[Cheapest]", "[Old Accounts]", "[Real & Active]", "[Organic]", ""),
        "[Max {}]",
        ("[R{}]", "[Refill {} Days]", "[{} Days Guarantee]", "♻️ {}D"),
        ("[No Refill]", "[NR]", ""),
        "[{}/Day]",
        "[Cancel Button]",
        "<p><strong>Start:</strong> {start} min<br>\nSpeed: up to {speed}/day<br>\nQuality &amp; drop: {quality} "
        "&bull; {drop}%</p>\n<ul><li>Link must be public</li></ul>",
    ),
    "tr": Tags(
        ("[Gerçek]", "[Türk]", "[Karışık]", "[Ucuz]", "[Kaliteli]", ""),
        "[Maks {}]",
        ("[{} Gün Telafi]", "[Telafili {} Gün]", "[R{}]"),
        ("[Telafisiz]", ""),
        "[Günlük {}]",
        "[İptal Butonu]",
        "<b>Başlangıç:</b> {start} dakika<br/>Hız: günlük {speed}<br/>Kalite: {quality} &ndash; düşüş %{drop}<br/>"
        "Profil gizli olmamalı, aynı linke bitmeden ikinci siparişi vermeyiniz.",
    ),
    "ru": Tags(
        ("[Живые]", "[Качество]", "[Микс]", "[Боты]", "[Дёшево]", ""),
        "[Макс {}]",
        ("[Гарантия {} дней]", "[Восстановление {}]", "[R{}]"),
        ("[Без гарантии]", ""),
        "[{}/сутки]",
        "[Отмена]",
        "<p>Старт: {start} мин.<br>Скорость: до {speed} в сутки<br>Качество: {quality}, списания {drop}%</p>"
        "<p>Аккаунт должен быть <u>открытым</u>.</p>",
    ),
    "ar": Tags(
        ("[حقيقي]", "[جودة عالية]", "[رخيص]", "[مختلط]", ""),
        "[الحد {}]",
        ("[ضمان {} يوم]", "[تعويض {} يوم]", "[R{}]"),
        ("[بدون ضمان]", ""),
        "[{} يوميا]",
        "[زر الإلغاء]",
        "<p>البدء: {start} دقيقة<br>السرعة: {speed} في اليوم<br>الجودة: {quality} - نسبة النزول {drop}%</p>"
        "<p>الحساب يجب أن يكون عاما.</p>",
    ),
}

SPARKS = ("", "", "", "⚡", "⚡⚡", "🔥", "⭐", "💎", "🚀", "✅", "👑", "❗")
FLAGS = ("", "", "", "", "🌍", "🇹🇷", "🇺🇸", "🇧🇷", "🇮🇳", "🇷🇺", "🇩🇪", "🇸🇦", "🇮🇩", "🇬🇧")
