"""The application on Faust: it reads the topics from their beginning and keeps no other state."""

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

import faust
from faust.types import EventT, StreamT
from mode import CrashingSupervisor

from events.backends.kafka.clients.port import RECORD_BYTES_MAX, Record
from events.backends.kafka.config import KafkaConfig
from runtime.streams.config import StreamsConfig
from runtime.streams.credentials import credentials
from runtime.streams.lane import Lane
from runtime.streams.reporting import Reporter
from runtime.streams.web import HOST, OurWeb, add_views, options
from schemas.quantities import Nanoseconds

_BUFFERED: Final = 16
"""Records that wait between the client and the fold; each may have megabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """All that an application is made of.

    Attributes:
        reporters: who tells a cell of a log, by topic; a log may have none.
        port: on localhost; 0 lets the system choose.
        token: that every request must show; ``None`` shows the tables to every local user.
    """

    kafka: KafkaConfig
    config: StreamsConfig
    lanes: Sequence[Lane]
    reporters: Mapping[str, Reporter]
    port: int
    token: str | None = field(repr=False)


class OurApp(faust.App):
    """Faust's application with our web server."""

    port = 0

    def _new_web(self) -> OurWeb:
        return OurWeb(self, self.port)


async def serve(streams: Streams, ready: Callable[[str], None]) -> None:
    """Read, fold and show until SIGINT or SIGTERM; ``ready`` is told the page's address.

    Raises:
        LogError: a report could not be posted.
    """
    app = application(streams)
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, over.set)
    await app.start()
    try:
        assert isinstance(app.web, OurWeb)
        ready(f"http://{HOST}:{app.web.port}/")
        await _until(app, over)
    finally:
        await app.stop()
    if app.crash_reason is not None:
        raise app.crash_reason


def application(streams: Streams) -> OurApp:
    """The application, not started.

    Its consumer group is of this process alone: every process reads every topic, from the
    beginning, because the tables are in its memory. Nothing is committed and no topic is made.
    """
    app = OurApp(
        f"{streams.kafka.prefix}.streams.{uuid4().hex[:12]}",
        broker=[f"aiokafka://{each}" for each in streams.kafka.bootstrap.split(",")],
        broker_credentials=credentials(streams.kafka.security),
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=RECORD_BYTES_MAX,
        stream_buffer_maxsize=_BUFFERED,
        # Nothing is ever acknowledged, so a stop may not wait for it.
        stream_wait_empty=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        store="memory://",
        web_application_options=options(streams.token),
    )
    app.port = streams.port
    _add_agent(app, streams)
    add_views(app, streams.lanes, streams.config)
    return app


def _add_agent(app: faust.App, streams: Streams) -> None:
    lanes = {lane.log.topic: lane for lane in streams.lanes}
    topic = app.topic(*lanes, value_type=bytes, value_serializer="raw")

    # Faust would start an agent that failed again, behind the record at which it failed.
    @app.agent(topic, name="fold", supervisor_strategy=CrashingSupervisor)
    async def fold(stream: StreamT[bytes]) -> None:
        assert isinstance(stream, faust.Stream)
        async for event in stream.noack().events():
            lane = lanes[event.message.topic]
            closed = lane.take(_record(event), _appended(event))
            reporter = streams.reporters.get(lane.log.topic)
            if closed and reporter is not None:
                await asyncio.to_thread(reporter.report, closed, lane)


def _record(event: EventT[bytes]) -> Record:
    message = event.message
    headers = message.headers or ()
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return Record(
        message.offset, {name: value or b"" for name, value in pairs}, message.value or b""
    )


def _appended(event: EventT[bytes]) -> Nanoseconds:
    """When the broker took the record; Faust has its milliseconds as seconds."""
    return round(event.message.timestamp * 1_000) * 1_000_000


async def _until(app: OurApp, over: asyncio.Event) -> None:
    """Wait for a signal, or for the application to end by itself."""
    ends = [asyncio.ensure_future(each) for each in (over.wait(), app.wait_until_stopped())]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for each in ends:
        each.cancel()
