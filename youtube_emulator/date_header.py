"""Tells the emulator's own time in each answer's `Date` header, as RFC 9110 has it."""

from email.utils import formatdate

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from youtube_emulator.times import Clock


class DateHeader:
    """An application whose answers carry the time of `clock`."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application within does."""

        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Date"] = formatdate(self._clock(), usegmt=True)
            await send(message)

        await self._app(scope, receive, send_dated)
