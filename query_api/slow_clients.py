"""Clients that take long answers slowly, or not at all."""

import asyncio

from starlette.types import Message, Send

SLOWEST_S = 30.0
"""That a client may take for one piece of an answer, once what lies between here and there is full."""


def in_time(send: Send, seconds: float) -> Send:
    """`send`, which raises TimeoutError when the client does not take a message within so many seconds."""

    async def send_in_time(message: Message) -> None:
        async with asyncio.timeout(seconds):
            await send(message)

    return send_in_time
