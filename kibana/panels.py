"""The charts of the dashboard."""

from kibana.charts import donut, number, over_axis
from kibana.columns import count, least, most, over_time, ranges, top
from kibana.data_views import HEALTH, VIDEOS

_VIDEOS = count("Videos")
_MINUTES = count("Minutes")

VIDEOS_OVER_TIME = over_axis(
    "topicreel-videos-over-time",
    "Videos by subject, when they were published",
    VIDEOS,
    kind="bar_stacked",
    x=over_time("published_at"),
    ys=(_VIDEOS,),
    split=top("subjects", "Subject", 10, by=_VIDEOS),
)

TOP_CHANNELS = over_axis(
    "topicreel-top-channels",
    "Channels with the most videos",
    VIDEOS,
    kind="bar_horizontal",
    x=top("channel_title", "Channel", 15, by=_VIDEOS),
    ys=(_VIDEOS,),
)

LENGTHS = donut(
    "topicreel-lengths",
    "Lengths",
    VIDEOS,
    by=ranges(
        "details.duration_s",
        "Length",
        (1, 60, "under 1 min"),
        (60, 240, "1 to 4 min"),
        (240, 1200, "4 to 20 min"),
        (1200, 3600, "20 to 60 min"),
        (3600, None, "1 h and more"),
    ),
    of=_VIDEOS,
)

LANGUAGES = donut(
    "topicreel-languages",
    "Languages that are spoken",
    VIDEOS,
    by=top("details.default_audio_language", "Language", 10, by=_VIDEOS, with_missing=True),
    of=_VIDEOS,
)

SEARCHES_LEFT = number(
    "topicreel-searches-left", "Searches left today", HEALTH, least("searches_left", "Searches left", lately=True)
)

LAG = number("topicreel-lag", "Behind by", HEALTH, most("lag_records", "Records that wait", lately=True))

DEAD_LETTERS = number(
    "topicreel-dead-letters", "Given up", HEALTH, most("dead_letters", "Dead letters kept", lately=True)
)

POLLS = over_axis(
    "topicreel-polls",
    "Searches spent today, and videos found so far",
    HEALTH,
    kind="area",
    x=over_time("at"),
    ys=(most("searches_spent", "Searches spent today"), most("new_videos", "Videos found so far")),
    on_the_right=("new_videos",),
)

QUOTA_LEFT = over_axis(
    "topicreel-quota-left",
    "Quota left of the day",
    HEALTH,
    kind="line",
    x=over_time("at"),
    ys=(least("searches_left", "Searches left"), least("units_left", "Units left")),
    on_the_right=("units_left",),
)

LAG_OVER_TIME = over_axis(
    "topicreel-lag-over-time",
    "Records that wait for the processor",
    HEALTH,
    kind="line",
    x=over_time("at"),
    ys=(most("lag_search", "Search results"), most("lag_lookups", "Lookups")),
)

STATES = over_axis(
    "topicreel-states",
    "What the producer does, by the minute",
    HEALTH,
    kind="bar_percentage_stacked",
    x=over_time("at"),
    ys=(_MINUTES,),
    split=top("state", "State", 3, by=_MINUTES),
)

CHARTS = (
    VIDEOS_OVER_TIME,
    TOP_CHANNELS,
    LENGTHS,
    LANGUAGES,
    SEARCHES_LEFT,
    LAG,
    DEAD_LETTERS,
    POLLS,
    QUOTA_LEFT,
    LAG_OVER_TIME,
    STATES,
)
