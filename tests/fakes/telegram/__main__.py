"""`python -m tests.fakes.telegram --port 8081`: the fake as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

from tests.fakes.telegram.limits import DOCUMENTED_LIMITS, Limits
from tests.fakes.telegram.server import TEST_TOKEN, FakeTelegram


async def serve(arguments: argparse.Namespace) -> None:
    """Answer until SIGTERM or SIGINT; the address is the first line on standard output."""
    fake = FakeTelegram(
        arguments.token,
        port=arguments.port,
        limits=DOCUMENTED_LIMITS if arguments.enforce_limits else Limits(),
        latency_seconds=arguments.latency,
        webhook_retry_seconds=arguments.webhook_retry,
        seed=arguments.seed,
    )
    fake.world.duplicate_share = arguments.duplicates
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with fake:
        sys.stdout.write(f"{fake.url}\n")
        sys.stdout.flush()
        await stopped.wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 chooses a free one")
    parser.add_argument("--token", default=TEST_TOKEN)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds added to each call")
    parser.add_argument("--duplicates", type=float, default=0.0, help="share of updates delivered twice")
    parser.add_argument("--enforce-limits", action="store_true", help="30 a second, 1 a chat, 20 a minute a group")
    parser.add_argument("--webhook-retry", type=float, default=1.0, help="factor on the waits between retries")
    parser.add_argument("--seed", type=int, default=0)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
