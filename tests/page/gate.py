"""A gate before a service, as a load balancer is: it goes on when the service is gone, and can be shut."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress

from stack.ports import free_port

_REFUSAL = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Gate:
    """Lets connections through from `port` to `target`, both on this machine, while it is open."""

    def __init__(self, target: int) -> None:
        self.port = free_port()
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._refuses = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """From now on all goes through."""
        self._do(self._listen(refuses=False))

    def refuse(self) -> None:
        """As a load balancer does that finds no service: what was open is cut, what comes is answered with 503."""
        self._do(self._die())
        self._do(self._listen(refuses=True))

    def die(self) -> None:
        """As with a killed process: what was open is cut, and nobody listens."""
        self._do(self._die())

    def _do(self, what: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    async def _listen(self, *, refuses: bool) -> None:
        self._refuses = refuses
        if self._server is None:
            self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)

    async def _die(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with suppress(OSError, EOFError):
            if self._refuses:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(_REFUSAL)
            else:
                there, onward = await asyncio.open_connection("127.0.0.1", self._target)
                self._open.add(onward)
                await asyncio.gather(_pass_on(reader, onward), _pass_on(there, writer))
        writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextmanager
def gate(target: int) -> Iterator[Gate]:
    """An open gate."""
    made = Gate(target)
    thread = threading.Thread(target=made._loop.run_forever, name="gate")
    thread.start()
    try:
        made.open()
        yield made
    finally:
        made.die()
        made._loop.call_soon_threadsafe(made._loop.stop)
        thread.join()
        made._loop.close()
