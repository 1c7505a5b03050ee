"""The topics videos are made up about, in English; those in other languages are in `world_topics`."""

from youtube_emulator.made_up.topic import Topic
from youtube_emulator.made_up.world_topics import WORLD_TOPICS

COOKING = Topic(
    subject="cooking",
    language="en",
    category_id="26",
    weight=1.4,
    ideas=(
        "one-pot chicken & rice", "crispy potato rösti", "grandma's apple pie", "ten-minute ramen",
        "lentil dal",
        "sourdough bread", "shakshuka", "mushroom risotto", "the perfect omelette", "mac & cheese", "beef stew",
        "vegan chilli", "homemade gnocchi", "lemon garlic salmon", "crème brûlée", "fried rice",
    ),
    titles=(
        "{idea} in {n} minutes", "How to make {idea} (no oven needed)", "I cooked {idea} {n} ways 😱",
        "The \"secret\" to {idea}", "{idea}: what restaurants won't tell you", "Cooking {idea} for {n} people!",
        "Why your {idea} isn't working & how to fix it", "Easy {idea} | weeknight cooking #{n}",
    ),
    tags=(
        "recipe", "dinner", "easy recipes", "kitchen", "homemade", "food", "chef", "meal prep", "street food",
    ),
    sentences=(
        "Today we're making something simple that tastes like you spent all day on it.",
        "You'll only need five ingredients & one pan, and there's hardly any washing up.",
        "The trick is to keep the heat low and not to touch it for the first four minutes.",
        "My grandmother's version uses butter; I'll show you both.",
        "Ingredients: 500 g flour, 2 eggs, 1 tsp salt, olive oil, patience.",
        "Don't skip the resting time: that's where the flavour comes from.",
    ),
    channel_firsts=("Nora's", "Two Spoons", "Salt &", "Weeknight", "Big Pan", "Uncle Theo's"),
    channel_lasts=("Kitchen", "Cooking Lab", "Table", "Cooks", "Pantry"),
)  # fmt: skip

RUST = Topic(
    subject="rust programming",
    language="en",
    category_id="28",
    weight=0.6,
    ideas=(
        "async streams", "lifetimes", "error handling", "a tiny database", "trait objects",
        "the borrow checker",
        "a web server", "macros", "embedded systems", "pattern matching", "a chess engine", "zero-copy parsing",
        "smart pointers", "unsafe code", "a shell", "WebAssembly",
    ),
    titles=(
        "{idea} in Rust, explained in {n} minutes", "Writing {idea} from scratch | Rust live coding #{n}",
        "Rust's {idea}: \"it just compiles\"", "Why {idea} & ownership confuse everyone 🦀",
        "I rewrote {idea} in Rust and it's {n}x faster", "Rust for beginners, part {n}: {idea}",
        "Stop fighting {idea}", "Code review: {idea} (with tests & benchmarks)",
    ),
    tags=(
        "rustlang", "coding", "software engineering", "tutorial", "cargo", "systems programming", "live coding",
    ),
    sentences=(
        "In this episode we look at a problem every Rust programmer meets sooner or later.",
        "We start with the naive version, measure it, and then let the compiler guide us.",
        "Source code & slides are linked below; pull requests are welcome.",
        "If you're coming from C++ or Go, the second half is for you.",
        "We don't use any crate until we've understood what it does for us.",
        "Errata: at 08:15 I say \"heap\" where I mean \"stack\".",
    ),
    channel_firsts=("Ferrous", "The Crab", "Low Level", "Compile &", "Byte by"),
    channel_lasts=("Workshop", "Academy", "Byte", "Run", "Sessions"),
)  # fmt: skip

STREET_FOOD = Topic(
    subject="street food",
    language="en",
    category_id="19",
    weight=1.3,
    ideas=(
        "Bangkok night market", "Istanbul breakfast", "Mexico City tacos", "Mumbai vada pav",
        "Taipei dumplings",
        "Naples pizza", "Penang noodles", "Lahore kebabs", "Seoul tteokbokki", "Hanoi bánh mì",
        "Osaka takoyaki",
        "Marrakech tagine", "Lagos suya", "Lima anticuchos",
    ),
    titles=(
        "{idea}: {n} dishes under $5 🍜", "Street food tour: {idea} at 5 a.m.",
        "We tried {idea} & couldn't stop eating",
        "The man who's been making {idea} for {n} years", "\"Best in the world?\" {idea}",
        "{idea} | street food heaven #{n}",
        "Extreme {idea}!! {n} hours of eating 🔥", "Don't miss this: {idea}",
    ),
    tags=("food tour", "travel", "night market", "cooking", "asian food", "foodie", "cheap eats", "mukbang"),
    sentences=(
        "We walked the whole market so you don't have to, and we came back three times.",
        "The queue starts before sunrise & by nine everything is sold out.",
        "Price list and map of all stalls we visited are below.",
        "No sponsor, no free meals: we've paid for everything you see.",
        "The owner learnt the recipe from his mother, who opened the stall in 1974.",
        "Ask for the green sauce. You're welcome.",
    ),
    channel_firsts=("Hungry", "Corner", "Wok &", "Market", "Late Night", "Paper Plate"),
    channel_lasts=("Passport", "Walkers", "Roll", "Diaries", "Bites"),
)  # fmt: skip

FOOTBALL = Topic(
    subject="football",
    language="en",
    category_id="17",
    weight=1.5,
    ideas=(
        "the derby", "a 4-3-3 that works", "the transfer window", "last-minute goals", "the offside trap",
        "Sunday league", "penalty shoot-outs", "the title race", "young goalkeepers", "the relegation battle",
        "free kicks", "counter-pressing", "the cup final",
    ),
    titles=(
        "{idea}: all goals & highlights, matchday {n}", "Why {idea} decided the match",
        "TOP {n} moments of {idea} ⚽",
        "\"We deserved it\": the manager on {idea}", "{idea} explained by a former pro",
        "I tried {idea} for {n} days",
        "Tactics: {idea} | football analysis #{n}", "Nobody's talking about {idea}…",
    ),
    tags=(
        "soccer", "highlights", "goals", "premier league", "champions league", "tactics", "match analysis",
        "sport",
    ),
    sentences=(
        "What a night! Two red cards, a missed penalty & a winner in the 94th minute.",
        "We go through every goal with the tactics board and ask what the defence could've done.",
        "Statistics as of matchday; corrections are in the pinned comment.",
        "Our panel doesn't agree on the penalty, so you'll have to decide.",
        "Full interviews are on the members' feed.",
        "Thanks to the groundsman who let us film at dawn.",
    ),
    channel_firsts=("Total", "Back Post", "Pitch &", "Injury Time", "The Away", "Half-Space"),
    channel_lasts=("Football", "End", "Whistle", "Report", "Talk"),
)  # fmt: skip

MUSIC = Topic(
    subject="live music",
    language="en",
    category_id="10",
    weight=1.5,
    ideas=(
        "Midnight Train", "Paper Boats", "Don't Call It Summer", "Neon Rain", "Rock & Roll Sunday",
        "Hallelujah Road",
        "Golden Hour", "Blue Bicycle", "Ain't No River", "Café del Norte", "Slow Dancer", "Static",
        "Wildflowers",
    ),
    titles=(
        "{idea} (live session #{n})", "{idea} [acoustic cover] 🎸", "{idea} – official lyric video",
        "Playing \"{idea}\" to {n} strangers", "How we wrote {idea} & lost the tapes",
        "{idea} | one take, no edits",
        "{n} hours of {idea} for studying", "First time hearing {idea}? Musician reacts 🎧",
    ),
    tags=("acoustic", "indie", "concert", "cover song", "singer songwriter", "guitar", "new music", "session"),
    sentences=(
        "Recorded live in one take in an old swimming pool, with eleven microphones.",
        "Words & music by the band; mixed on tape because we're stubborn.",
        "The tour starts in spring: dates are on the website.",
        "Thank you for singing along: we could hear you from the stage.",
        "Chords: Am F C G, capo on 2. It's easier than it looks.",
        "If you'd like the sheet music, it's free for teachers.",
    ),
    channel_firsts=("Loft", "Tiny Stage", "Velvet", "Reel &", "Harbour", "Sofa"),
    channel_lasts=("Sessions", "Records", "Radio", "Music", "Reel"),
)  # fmt: skip

CHESS = Topic(
    subject="chess",
    language="en",
    category_id="20",
    weight=0.7,
    ideas=(
        "the Sicilian Defence", "a queen sacrifice", "the London System", "rook endgames", "the Caro-Kann",
        "a smothered mate", "the Évans Gambit", "blunders at 1200", "the world championship", "speedrun games",
    ),
    titles=(
        "{idea}: {n} traps you should know", "He played {idea} & resigned on move {n}",
        "\"It's a draw\" – {idea}",
        "I can't believe {idea} worked ♟️", "{idea} for beginners, lesson {n}", "Guess the rating #{n}: {idea}",
    ),
    tags=("chess openings", "checkmate", "grandmaster", "blitz", "strategy", "puzzle", "chess tournament"),
    sentences=(
        "White to move and win: pause here & try it before we go on.",
        "The engine doesn't like it, but over the board it's terrifying.",
        "All positions of this lesson are in the study linked below.",
        "Played in a simultaneous exhibition against thirty opponents.",
        "If you're below 1500, you'll win games with this one idea.",
    ),
    channel_firsts=("Knight", "Zugzwang", "The Open", "Blitz &", "Patzer's"),
    channel_lasts=("Chess Club", "File", "Board", "Chess", "Endgame"),
)  # fmt: skip

SPACE = Topic(
    subject="space telescope",
    language="en",
    category_id="28",
    weight=0.5,
    ideas=(
        "a new exoplanet", "Saturn's rings", "the oldest galaxy", "a black hole's shadow", "Europa's ocean",
        "dark matter", "the Crab Nebula", "a comet", "the Moon's far side", "star nurseries",
        "cosmic dust & ice",
    ),
    titles=(
        "{idea}: what the space telescope saw", "We may be wrong about {idea} 🔭", "{idea} in {n} minutes",
        "\"Nobody expected this\": {idea}", "Astronomy Q&A #{n}: {idea}",
        "The picture of {idea} that took {n} days",
    ),
    tags=("astronomy", "nasa", "universe", "physics", "science", "planets", "cosmology", "documentary"),
    sentences=(
        "The light in this picture left its source before there were people to look at it.",
        "We talk to the team that planned the observation & wrote the software.",
        "Papers and raw images are linked; they're free for everyone.",
        "It isn't what the models predicted, and that's the good news.",
        "Correction: the distance is 40 light-years, not 14.",
    ),
    channel_firsts=("Parallax", "Deep Field", "Night Sky", "Orbit &", "Redshift"),
    channel_lasts=("Observatory", "Weekly", "Explained", "Beyond", "Journal"),
)  # fmt: skip

GARDENING = Topic(
    subject="gardening",
    language="en",
    category_id="26",
    weight=0.7,
    ideas=(
        "tomatoes on a balcony", "compost that doesn't smell", "raised beds", "slugs", "pruning roses",
        "garlic",
        "a pond for frogs", "seeds & seedlings", "no-dig beds", "winter vegetables", "fruit trees in pots",
    ),
    titles=(
        "{idea}: {n} mistakes I won't make again", "How I grow {idea} 🌱", "{idea} | gardening on clay soil",
        "Allotment tour #{n}: {idea}", "\"You can't do that\" – {idea} in March",
        "{idea} & {n} other jobs for this week",
    ),
    tags=("allotment", "vegetable garden", "organic", "plants", "grow your own", "permaculture", "garden tour"),
    sentences=(
        "It's been the wettest spring in years & the slugs are delighted.",
        "I'll show you what worked, what didn't, and what the hens ate.",
        "Varieties in this video: see the list below.",
        "Sow indoors from February, plant out after the last frost.",
        "No peat, no sprays, a lot of cardboard.",
    ),
    channel_firsts=("Muddy", "The Slow", "Root &", "Back Lane", "Plot 24"),
    channel_lasts=("Boots", "Garden", "Shoot", "Allotment", "Growers"),
)  # fmt: skip

TOPICS = (COOKING, RUST, STREET_FOOD, FOOTBALL, MUSIC, CHESS, SPACE, GARDENING, *WORLD_TOPICS)

SUBJECTS = tuple(topic.subject for topic in (COOKING, STREET_FOOD, FOOTBALL, RUST, MUSIC))
"""Queries that many made-up videos answer."""
