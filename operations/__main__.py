"""`python -m operations reindex|backup|restore|verify|rotate`."""

import argparse
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from event_log import LogError, open_log
from key_vault import KeyVault, VaultError
from key_vault.vault import SECRET_FILE
from observability import configure_logging, event_logger
from operations import embedded_copy, reporting
from operations.backup import back_up
from operations.claim import claimed
from operations.errors import FailedError, OperationError, RefusedError
from operations.readable import Reads
from operations.rebuild import rebuild
from operations.reindex import Reindex
from operations.restore import Restore
from operations.rotate import rotate
from operations.settings import OperationsSettings
from operations.snapshots import Snapshots
from operations.verify import verify
from schemas import Alert, ApiKey, utc_now
from schemas.groups import PRODUCER_OWNERSHIP
from schemas.settings import EXIT_UNUSABLE_SETTINGS, SettingsError
from video_index import VideoIndexError
from video_index.open import EMBEDDED_DIRECTORY, open_index, open_versions
from waiting import Patience, StoppedError

logs = event_logger("operations")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an operation is given."""

    options: argparse.Namespace
    settings: OperationsSettings
    stop: Event


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 2 when it cannot work as it is set up, 1 when it was given up."""
    configure_logging("operations")
    options = _parser().parse_args(arguments)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        for line in _COMMANDS[options.command](_Asked(options, OperationsSettings.read(), stop)):
            print(line)
    except StoppedError:
        return _complain("stopped: the index and the log stay as they were")
    except SettingsError as error:
        _complain(str(error))
        return EXIT_UNUSABLE_SETTINGS
    except (OperationError, LogError, VideoIndexError, VaultError, OSError) as error:
        return _complain(str(error))
    return 0


def _reindex(asked: _Asked) -> list[str]:
    with open_log(asked.settings) as log, claimed(log) as claim:
        if asked.settings.embedded:
            return reporting.reindexed(rebuild(log, asked.settings.data_dir / EMBEDDED_DIRECTORY))
        with open_versions(asked.settings) as versions:
            if asked.options.remove_old:
                return reporting.removed(versions.remove_kept())
            work = Reindex(log, versions, claim, Patience(asked.stop))
            report = work.roll_back() if asked.options.roll_back else work.run()
            if report.replaced is not None:
                # Otherwise the index was lost just now, and what was kept is all there is to look at beside the log.
                versions.remove_kept(besides=report.replaced)
            return reporting.reindexed(report)


def _backup(asked: _Asked) -> list[str]:
    settings = asked.settings
    if settings.embedded:
        return reporting.backed_up(embedded_copy.back_up(settings.data_dir, settings.backup_dir, utc_now()))
    with open_log(settings) as log, claimed(log), open_versions(settings) as versions:
        snapshots = None if asked.options.without_snapshot else Snapshots(versions.client)
        return reporting.backed_up(*back_up(log, versions, snapshots, settings.backup_dir, utc_now()))


def _restore(asked: _Asked) -> list[str]:
    options, settings = asked.options, asked.settings
    if not options.file.exists():
        raise RefusedError(reporting.no_backup(options.file, settings.backup_dir))
    reads = None if options.without_secret else _reads(settings)
    if settings.embedded:
        return reporting.reindexed(
            embedded_copy.restore(options.file, settings.data_dir, overwrite=options.overwrite, reads=reads)
        )
    with (
        open_log(settings) as log,
        claimed(log) as claim,
        claimed(log, name=PRODUCER_OWNERSHIP),
        open_versions(settings) as versions,
    ):
        restore = Restore(log, versions, options.file, overwrite=options.overwrite)
        has_copy = restore.head.snapshot is not None and not options.rebuild
        snapshots = Snapshots(versions.client) if has_copy else None
        restore.check(reads, snapshots)
        if snapshots is None:
            restore.clear_index()
            restore.bring_back_records()
            Reindex(log, versions, claim, Patience(asked.stop)).run()
        else:
            restore.bring_back_index(snapshots)
            restore.bring_back_records()
        return reporting.restored(restore, versions)


def _rotate(asked: _Asked) -> list[str]:
    vault = KeyVault.open(asked.settings.data_dir, asked.settings.encryption_key)
    with open_log(asked.settings) as log:
        return reporting.rotated(rotate(log, vault))


def _verify(asked: _Asked) -> list[str]:
    with open_log(asked.settings) as log, open_index(asked.settings) as index:
        verdict = verify(log, index)
    if not verdict.is_good:
        raise FailedError("; ".join(reporting.verified(verdict)))
    return reporting.verified(verdict)


def _reads(settings: OperationsSettings) -> Reads:
    """With the secret at hand; where there is none, none is made."""
    if settings.encryption_key is None and not (settings.data_dir / SECRET_FILE).exists():
        return lambda _: False
    vault = KeyVault.open(settings.data_dir, settings.encryption_key)

    def reads(record: ApiKey | Alert) -> bool:
        try:
            vault.decrypt(record.encrypted)
        except VaultError:
            return False
        return True

    return reads


def _complain(text: str) -> int:
    print(f"error: {text}", file=sys.stderr)
    return 1


_COMMANDS = {"reindex": _reindex, "backup": _backup, "restore": _restore, "verify": _verify, "rotate": _rotate}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m operations", description="Keeps an installation going.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    reindex = commands.add_parser("reindex", help="make the index anew from youtube.videos, while the pipeline runs")
    instead = reindex.add_mutually_exclusive_group()
    instead.add_argument(
        "--roll-back", action="store_true", help="put the index that was replaced last back, brought up to date"
    )
    instead.add_argument("--remove-old", action="store_true", help="remove the indexes that were replaced")
    commands.add_parser("verify", help="compare the index with youtube.videos")
    commands.add_parser("rotate", help="encrypt stored secrets with the first key of ENCRYPTION_KEY")
    backup = commands.add_parser("backup", help="write a backup into BACKUP_DIR, while the pipeline runs")
    backup.add_argument("--without-snapshot", action="store_true", help="without a copy of the index")
    restore = commands.add_parser("restore", help="bring a backup back, while nothing polls or processes")
    restore.add_argument("file", type=Path, help="the file that the backup named")
    restore.add_argument("--overwrite", action="store_true", help="what is there may go")
    restore.add_argument("--rebuild", action="store_true", help="make the index from the videos, not from its copy")
    restore.add_argument(
        "--without-secret", action="store_true", help="although the API keys and alerts cannot be decrypted"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
