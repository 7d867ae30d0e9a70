"""What a model is and how good it was: its card, and the digests that hold its files to it."""

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec

from actors.patterns.labels.outcomes import LabelConfig
from actors.patterns.models.architecture import FastArchitecture
from actors.patterns.models.calibration import CurvePoint
from schemas.errors import UserError

CARD: Final = "card.json"
WEIGHTS: Final = "weights.safetensors"
NETWORK: Final = "model.onnx"

JUDGED: Final = "network"
"""The judge that is the model itself."""
FIGURES: Final = ("accuracy", "log_loss", "brier", "calibration_error", "gain")
CLASSES: Final = ("down", "flat", "up")
"""In the order of ``labels.outcomes.Outcome``."""


class UnusableModel(UserError):
    """A model's folder that cannot be served: missing, damaged, or of another architecture."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A figure over walk-forward folds: its mean, and the standard error of that mean."""

    mean: float
    error: float


class DataUsed(msgspec.Struct, frozen=True, kw_only=True):
    """One source that was learned from; its name holds the digest of its files."""

    source: str
    instrument: str
    rows: int


class TeacherUsed(msgspec.Struct, frozen=True, kw_only=True):
    """A recogniser whose recorded answers were learned from.

    Attributes:
        run: in which they were given; digest: of all of them.
        models: digests of what gave them.
        samples: about which it spoke; weight: its share in what was learned of them.
        agreement: share of its answers out of sample that the student gives, too.
        accuracy: share of its answers out of sample that came true.
    """

    recogniser: str
    run: str
    digest: str
    models: tuple[str, ...]
    samples: int
    weight: float
    agreement: Measured | None = None
    accuracy: Measured | None = None


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is said of a model beside its weights.

    Attributes:
        digest: of weights and architecture: the model's name for ever, and ``model_digest`` in
            events.
        network_digest: of the ONNX file, which is made from the weights.
        features, features_digest: the set that it reads.
        config_digest, code_digest: what it was trained by.
        samples: labelled ones that it learned from; classes: how often each outcome occurred.
        span: first and last time of its data, UTC nanoseconds.
        epochs: how many it took; the best by validation was kept.
        folds: how many tests the figures are over; tested: outcomes judged in them.
        metrics: by judge (``JUDGED``, ``majority``, ...) and figure of ``FIGURES``; standard errors
            are over folds.
        curve: reliability over all tests.
        confusion: counts over all tests; rows are outcomes, columns answers: down, flat, up.
        teacher: from whom it learned beside what came, if from anybody.
    """

    name: str
    digest: str
    network_digest: str
    architecture: FastArchitecture
    features: str
    features_digest: str
    labels: LabelConfig
    interval: str
    instruments: tuple[str, ...]
    data: tuple[DataUsed, ...]
    config_digest: str
    code_digest: str
    samples: int
    classes: tuple[int, int, int]
    span: tuple[int, int]
    epochs: int
    temperature: float
    parameters: int
    folds: int = 0
    tested: int = 0
    metrics: Mapping[str, Mapping[str, Measured]] = {}
    curve: tuple[CurvePoint, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    teacher: TeacherUsed | None = None


def model_digest(weights: bytes, architecture: FastArchitecture) -> str:
    """BLAKE2b-128 of the weights file and the architecture."""
    state = blake2b(architecture.canonical(), digest_size=16)
    state.update(weights)
    return state.hexdigest()


def file_digest(content: bytes) -> str:
    """BLAKE2b-128 of a file."""
    return blake2b(content, digest_size=16).hexdigest()


def read_card(folder: Path) -> Card:
    """The card in a model's folder.

    Raises:
        UnusableModel: there is none, or it cannot be read.
    """
    try:
        return msgspec.json.decode((folder / CARD).read_bytes(), type=Card)
    except FileNotFoundError:
        raise UnusableModel(
            f"model {folder}: no {CARD} is there; `wakeline train` makes one"
        ) from None
    except (OSError, msgspec.MsgspecError) as error:
        raise UnusableModel(f"model {folder / CARD}: {error}") from error


def checked(folder: Path, card: Card, name: str) -> bytes:
    """The contents of one of a model's files, which are what the card says.

    Raises:
        UnusableModel: the file is missing, or its digest is another.
    """
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise UnusableModel(f"model {folder / name}: {error.strerror}") from error
    weights = name == WEIGHTS
    found = model_digest(content, card.architecture) if weights else file_digest(content)
    said = card.digest if weights else card.network_digest
    if found != said:
        raise UnusableModel(
            f"model {folder / name}: its digest is {found}, the card says {said}: the file was"
            " changed or damaged"
        )
    return content
