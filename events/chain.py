"""The chain of digests: every step carries the digest of the bytes of the step before it."""

from collections.abc import Iterable
from dataclasses import dataclass

from events.codecs.json import decode_link, digest
from events.errors import Corrupt
from events.journal import Head, JournalRecord
from schemas.envelope import GENESIS, Step

NEW = Head(next_seq=0, prev_hash=GENESIS, epoch=0)
"""The head of an empty journal."""


def head_after(record: JournalRecord) -> Head:
    """Where the step after ``record`` goes.

    Raises:
        Corrupt: the body is no step, or not the one of that number.
    """
    link = decode_link(record.body)
    if link.seq != record.seq:
        raise Corrupt(f"step {record.seq}: the stored step says it is {link.seq}")
    return Head(next_seq=record.seq + 1, prev_hash=digest(record.body), epoch=link.epoch)


def successor(head: Head, step: Step, body: bytes) -> Head:
    """The head after ``step``, whose bytes are ``body``, was put on ``head``.

    Raises:
        ValueError: its number or ``prev_hash`` is not the head's.
    """
    if step.seq != head.next_seq:
        raise ValueError(f"step {step.seq} was appended where {head.next_seq} goes")
    if step.prev_hash != head.prev_hash:
        raise ValueError(f"step {step.seq} follows {step.prev_hash}, the head is {head.prev_hash}")
    return Head(next_seq=step.seq + 1, prev_hash=digest(body), epoch=step.epoch)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLink:
    """The first place where a journal is not what was written.

    Attributes:
        seq: the step at fault; the step before it may be the altered one.
        expected, found: digests, numbers or the decoder's complaint, for people to read.
    """

    seq: int
    expected: str
    found: str


def verify_chain(records: Iterable[JournalRecord]) -> BrokenLink | None:
    """The first broken link in records read from step 0; ``None`` when every link holds."""
    expected = NEW
    for record in records:
        try:
            link = decode_link(record.body)
        except Corrupt as error:
            return BrokenLink(seq=record.seq, expected="a step", found=str(error))
        if not record.seq == link.seq == expected.next_seq:
            return BrokenLink(
                seq=expected.next_seq,
                expected=f"step {expected.next_seq}",
                found=f"step {link.seq} in place {record.seq}",
            )
        if link.prev_hash != expected.prev_hash:
            return BrokenLink(seq=link.seq, expected=expected.prev_hash, found=link.prev_hash)
        expected = Head(next_seq=link.seq + 1, prev_hash=digest(record.body), epoch=link.epoch)
    return None
