"""Faust's web server with our views alone: the tables as JSON, and one page to read."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

import msgspec
from aiohttp import web as http
from faust import App
from faust.web.base import Request, Response
from faust.web.drivers.aiohttp import Web
from faust.web.views import View

from runtime.streams.config import StreamsConfig
from runtime.streams.lane import Lane
from runtime.streams.page import page
from runtime.streams.tables import TABLES
from runtime.streams.tokens import is_shown

HOST: Final = "127.0.0.1"

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
}

type Handler = Callable[[http.Request], Awaitable[http.StreamResponse]]


class OurWeb(Web):
    """The server without Faust's own views; it knows on which port it came to listen."""

    default_blueprints: ClassVar[Any] = ()
    production_blueprints: ClassVar[Any] = ()
    debug_blueprints: ClassVar[Any] = ()
    optional_blueprints: ClassVar[Any] = ()

    def __init__(self, app: App, port: int) -> None:
        super().__init__(app)
        self.port = port
        # Faust's own setting refuses 0, by which the system chooses.
        self._transport_handlers = {"tcp": self._site}

    def _site(self) -> http.TCPSite:
        return http.TCPSite(self._runner, HOST, self.port)

    async def start_server(self) -> None:
        await super().start_server()
        self.port = int(self._runner.addresses[0][1])


def options(token: str | None) -> Mapping[str, object]:
    """Settings of the server: every request shows the token, unless there is none."""

    @http.middleware
    async def guard(request: http.Request, handler: Handler) -> http.StreamResponse:
        if token is not None and not is_shown(token, request.headers, request.query):
            answer = http.json_response({"error": "a token is required"}, status=401)
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
        response = await handler(request)
        response.headers.update(_HEADERS)
        return response

    return {"middlewares": [guard]}


def add_views(app: App, lanes: Sequence[Lane], config: StreamsConfig) -> None:
    """``/`` for people; ``/tables/`` and ``/tables/NAME/`` for programs."""

    @app.page("/")
    async def index(view: View, request: Request) -> Response:
        del request
        return view.html(page(lanes, config))

    @app.page("/tables/")
    async def tables(view: View, request: Request) -> Response:
        del request
        return _json(view, {"tables": sorted(TABLES)})

    @app.page("/tables/{name}/")
    async def table(view: View, request: Request, name: str) -> Response:
        del request
        if name not in TABLES:
            return _json(view, {"error": f"there are {', '.join(TABLES)}"}, status=404)
        return _json(view, {"table": name, "rows": TABLES[name](lanes)})


def _json(view: View, answer: object, status: int = 200) -> Response:
    return view.bytes(msgspec.json.encode(answer), content_type="application/json", status=status)
