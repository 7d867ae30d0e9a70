"""Spans in a file come back as they were written, whatever a crash left behind them."""

from pathlib import Path

import pytest

from events.backends.files import span_file
from events.backends.files.span_file import SpanFile
from events.errors import Corrupt
from events.spans import Span, SpanKind


def span(number: int) -> Span:
    return Span(
        trace=f"{number:032x}",
        id=f"{number:016x}",
        parent="",
        name="order.filled",
        kind=SpanKind.CONSUMER,
        start=number,
        end=number + 5,
        attributes={"wakeline.seq": number, "wakeline.again": False, "wakeline.author": "vénue"},
        resource={"wakeline.run": "r"},
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spans.jsonl"


def everything(path: Path, size_max: int = 1_000_000) -> list[Span]:
    file, found, place = SpanFile(path), list[Span](), 0
    while True:
        page, place = file.read(place, size_max)
        if not page:
            return found
        found += page


def test_a_file_that_is_not_there_ends_at_its_beginning(path: Path) -> None:
    assert SpanFile(path).end() == 0


@pytest.mark.parametrize("size_max", [1, 500, 1_000_000])
def test_gives_back_what_was_appended_page_by_page(path: Path, size_max: int) -> None:
    spans = [span(number) for number in range(20)]
    writer = SpanFile(path)
    writer.append(spans[:7])
    writer.append(spans[7:])
    assert everything(path, size_max) == spans


def test_goes_on_reading_where_it_stopped(path: Path) -> None:
    file = SpanFile(path)
    file.append([span(0)])
    _, place = file.read(0, 1_000)
    assert place == file.end()
    file.append([span(1)])
    assert file.read(place, 1_000) == ([span(1)], file.end())


@pytest.mark.parametrize("left", [1, 40, -1])
def test_passes_over_a_line_that_is_not_whole_and_the_next_writer_cuts_it_away(
    path: Path, left: int
) -> None:
    SpanFile(path).append([span(0), span(1)])
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    path.write_bytes(whole[: first + left] if left > 0 else whole[:left])
    assert everything(path) == [span(0)]
    SpanFile(path).append([span(2)])
    assert everything(path) == [span(0), span(2)]


def test_a_file_that_is_one_torn_line_is_emptied(path: Path) -> None:
    path.write_bytes(b'{"trace":')
    SpanFile(path).append([span(3)])
    assert everything(path) == [span(3)]


def test_says_where_something_stands_that_is_no_span(path: Path) -> None:
    SpanFile(path).append([span(0)])
    with path.open("ab") as file:
        file.write(b'{"trace": 1}\n')
    with pytest.raises(Corrupt, match=r"spans\.jsonl, after byte 0: "):
        SpanFile(path).read(0, 1_000_000)


def test_goes_on_behind_the_last_whole_line_after_a_disk_was_full(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = SpanFile(path)
    writer.append([span(0)])

    def half(spans: list[Span]) -> bytes:
        with path.open("ab") as file:
            file.write(b'{"trace":"0')
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(span_file, "_encode", half)
        with pytest.raises(OSError, match="No space"):
            writer.append([span(1)])
    writer.append([span(2)])
    assert everything(path) == [span(0), span(2)]
