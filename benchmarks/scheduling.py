"""How soon videos are found with a day's 100 searches: 30 days simulated, beside other ways to spend them."""

from benchmarks.simulated_world import describe, make_subjects
from benchmarks.simulation import Result, Simulation, equal_share, hindsight, learnt, until_it_is_gone
from benchmarks.tables import print_table

SEED = 20_261_124
DAYS = 30
COUNTS = (1, 5, 50)

_POLICIES = (
    ("learnt (the product)", learnt, False),
    ("learnt, with channels", learnt, True),
    ("optimum in hindsight", hindsight, False),
    ("equal share", equal_share, False),
    ("until it is gone", until_it_is_gone, False),
)


def measure(days: int = DAYS) -> None:
    """Prints a table for each number of subjects."""
    for count in COUNTS:
        subjects = make_subjects(count, days, SEED)
        results = {
            name: Simulation(subjects, days, decide, channels=channels).run() for name, decide, channels in _POLICIES
        }
        best = results["optimum in hindsight"].mean_delay_s
        print_table(
            f"{count} subject{'s' if count > 1 else ''}, {days} days, 100 searches a day ({describe(subjects)})",
            ("policy", "mean delay", "of the optimum", "earliest dry", "unspent", "missed"),
            [_row(name, result, best) for name, result in results.items()],
        )


def _row(name: str, result: Result, best: float) -> tuple[object, ...]:
    delay = result.mean_delay_s
    return (
        name,
        f"{delay / 60:.1f} min",
        f"{delay / best:.2f}",
        result.dry_at,
        f"{result.unspent:.1%}",
        result.missed,
    )
