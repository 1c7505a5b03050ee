"""The videos that the options name, as what is served and as what is told about them."""

import sys
from dataclasses import dataclass
from pathlib import Path

from youtube_emulator.catalogue import Catalogue, read_catalogue
from youtube_emulator.errors import CatalogueError
from youtube_emulator.library import Library, ListLibrary
from youtube_emulator.made_up import SUBJECTS, MadeUpLibrary
from youtube_emulator.options import Options
from youtube_emulator.rescheduling import Arrivals, arriving, newest_at, shifted
from youtube_emulator.subjects import choose_subjects
from youtube_emulator.times import DAY, format_time
from youtube_emulator.vanishing import Vanishing, VanishingLibrary
from youtube_emulator.video import Video

_DESCRIBED_DAYS = 7


@dataclass(frozen=True, slots=True)
class Description:
    """How many distinct videos there are, how often they were seen, and when they were published."""

    videos: int
    sightings: int
    first_published: str
    last_published: str


def open_library(options: Options, now: int) -> Library:
    """The videos to serve. Raises CatalogueError."""
    library: Library = _made_up(options)
    if options.catalogue is not None:
        library = ListLibrary(_scheduled(_read(options.catalogue, options), options, now))
    return VanishingLibrary(library, Vanishing(options.gone_rate, options.gone_after_s, options.seed))


def subjects(options: Options) -> list[str]:
    """Queries that find many of the videos. Raises CatalogueError."""
    if options.catalogue is None:
        return list(SUBJECTS)
    chosen = choose_subjects(_read(options.catalogue, options).videos)
    if not chosen:
        raise CatalogueError(f"{options.catalogue}: no title or tag has a word that says what a video is about")
    return chosen


def describe(options: Options, now: int) -> Description:
    """What there is; of made-up videos, those of the past seven days. Raises CatalogueError."""
    if options.catalogue is None:
        made_up = _made_up(options)
        count = made_up.count(now, _DESCRIBED_DAYS)
        return Description(count, count, format_time(now - _DESCRIBED_DAYS * DAY), format_time(made_up.newest(now)))
    catalogue = _read(options.catalogue, options)
    times = [video.published for video in _scheduled(catalogue, options, now)]
    return Description(len(times), catalogue.sightings, format_time(min(times)), format_time(max(times)))


def _made_up(options: Options) -> MadeUpLibrary:
    return MadeUpLibrary(options.seed, options.made_up_every_s)


def _read(path: Path, options: Options) -> Catalogue:
    return read_catalogue(path, _report if options.skip_bad_lines else None)


def _report(problem: str) -> None:
    sys.stderr.write(f"left out: {problem}\n")


def _scheduled(catalogue: Catalogue, options: Options, now: int) -> list[Video]:
    videos = list(catalogue.videos)
    if options.newest_at is not None:
        videos = newest_at(videos, options.newest_at)
    videos = shifted(videos, options.shift_s)
    if options.arriving is None:
        return videos
    start = now if options.arriving_from is None else options.arriving_from
    return arriving(videos, Arrivals(options.arriving, options.arriving_every_s, start))
