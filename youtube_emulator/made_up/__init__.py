"""Videos that are made up: believable ones about some topics, in several languages and scripts.

They are a function of a seed and of the time alone, so they are the same after a restart, and new ones keep coming.

    topics (what there is to tell) -> recipe (video n of a topic) -> stream (a topic's videos in time) -> library
"""

from youtube_emulator.made_up.library import MADE_UP_DAYS, MadeUpLibrary
from youtube_emulator.made_up.topics import SUBJECTS

__all__ = ["MADE_UP_DAYS", "SUBJECTS", "MadeUpLibrary"]
