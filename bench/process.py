"""The bot under test as a process: started, pinned, weighed and ended by its id."""

import asyncio
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")
GRACE_SECONDS = 10
SHOWN_LINES = 15


class BotDiedError(Exception):
    """The process ended by itself; carries its last lines."""


@dataclass(slots=True)
class Process:
    """One running bot and the file that takes its output."""

    running: asyncio.subprocess.Process
    output: Path

    @property
    def pid(self) -> int:
        """Its process id, also that of its session."""
        return self.running.pid

    def check(self) -> None:
        """Raises BotDiedError when it is gone."""
        if self.running.returncode is not None:
            raise BotDiedError(f"exit {self.running.returncode}\n{self.last_lines()}")

    def last_lines(self) -> str:
        """The end of what it printed."""
        return "\n".join(self.output.read_text(errors="replace").splitlines()[-SHOWN_LINES:])

    def cpu_seconds(self) -> float:
        """User and system time so far, of the process and all it started."""
        return TICK_SECONDS * sum(ticks for _, ticks in _members(self.pid))

    def rss_bytes(self) -> int:
        """Resident memory now, of the process and all it started."""
        return sum(_rss(pid) for pid, _ in _members(self.pid))

    async def end(self) -> None:
        """SIGTERM, and SIGKILL to its own session after the grace time."""
        if self.running.returncode is None:
            self.running.terminate()
            try:
                async with asyncio.timeout(GRACE_SECONDS):
                    await self.running.wait()
            except TimeoutError:
                os.killpg(self.pid, signal.SIGKILL)
                await self.running.wait()


async def start(command: list[str], environment: Mapping[str, str], output: Path, core: int | None) -> Process:
    """Start a bot in a session of its own, on one core where `core` says so."""
    with output.open("ab") as sink:
        running = await asyncio.create_subprocess_exec(
            *command,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sink,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    if core is not None:
        os.sched_setaffinity(running.pid, {core})
    return Process(running, output)


def _members(session: int) -> list[tuple[int, int]]:
    """The processes of a session with their ticks, those of waited-for children included."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            found.append((int(entry.name), sum(int(field) for field in fields[11:15])))
    return found


def _rss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS")), 0)
