"""The broker's jars: copied by Maven into the user's cache, once a version."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from hashlib import blake2b
from pathlib import Path
from typing import Final

from schemas.errors import UserError

_JAVA_MIN: Final = 17
_PATIENCE_S: Final = 600


def pom() -> Path:
    """What Maven is to fetch: beside this file when installed, in ``infra/`` of a checkout."""
    installed = Path(__file__).with_name("pom.xml")
    return installed if installed.exists() else Path(__file__).parents[2] / "infra/kafka/pom.xml"


def cache() -> Path:
    """The user's cache for downloads; ``WAKELINE_CACHE`` names another."""
    chosen = os.environ.get("WAKELINE_CACHE")
    beside = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(chosen) if chosen else Path(beside) / "wakeline"


def java() -> str:
    """The Java to run, of ``JAVA_HOME`` or on the path.

    Raises:
        UserError: there is none.
    """
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin" if home else None)
    if found is None:
        raise UserError(f"kafka: no `java` is installed: a Java runtime of {_JAVA_MIN} or later")
    return found


def jars() -> Path:
    """A directory with the jars, fetched if they are not there yet.

    Raises:
        UserError: Maven is missing, or cannot fetch them.
    """
    wanted = pom()
    version = blake2b(wanted.read_bytes(), digest_size=6).hexdigest()
    place = cache() / f"kafka-{version}"
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / "kafka-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # Several tests or programs may want them at once.
        if not place.is_dir():
            _fetch(wanted, place)
    return place


def _fetch(wanted: Path, place: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise UserError("kafka: no `mvn` is installed: Maven fetches the broker's jars, once")
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        unfinished = Path(folder) / "jars"
        command = [maven, "--batch-mode", "--quiet", "--file", str(wanted)]
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={unfinished}"]
        done = subprocess.run(
            [*command, *goal], capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
        if done.returncode or not unfinished.is_dir():
            last = " ".join((done.stdout + done.stderr).split()[-60:])
            raise UserError(f"kafka: Maven could not fetch the broker's jars: {last}")
        # Renamed whole, so that an interrupted download leaves nothing behind.
        unfinished.rename(place)
