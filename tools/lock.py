"""Write requirements/*.txt from pyproject.toml: universal, hashed, one resolution for all, no index named.

Versions stay as they are as long as pyproject.toml allows them; `--upgrade` takes the newest.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "lock"
REQUIREMENTS = ROOT / "requirements"
SHAPE = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate")


def wanted() -> dict[str, list[str]]:
    """What each file is made from; `run` holds the build backend too, for installing without isolation."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    return {
        "run": project["project"]["dependencies"] + groups["build"],
        "postgres": project["project"]["optional-dependencies"]["postgres"],
        "test": groups["test"],
        "bench": groups["bench"],
    }


def uv() -> str:
    """The `uv` on the path, else one installed for this purpose into the cache."""
    found = shutil.which("uv")
    if found:
        return found
    home = CACHE / "uv"
    if not (home / "bin" / "uv").exists():
        venv.create(home, with_pip=True)
        subprocess.run([home / "bin" / "pip", "install", "--quiet", "uv"], check=True)
    return str(home / "bin" / "uv")


def resolve(lines: list[str], target: Path, *options: str) -> None:
    """Resolve `lines` into `target`; the versions in an existing `target` are preferred."""
    source = target.with_suffix(".in")
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [uv(), "pip", "compile", str(source), "--output-file", str(target), "--quiet", *SHAPE, *options]
    subprocess.run(command, check=True, cwd=CACHE, stdout=subprocess.DEVNULL)


def main() -> None:
    """Resolve everything at once, then cut each file out of that one answer."""
    CACHE.mkdir(parents=True, exist_ok=True)
    files = {REQUIREMENTS / f"{name}.txt": lines for name, lines in wanted().items()}
    together = CACHE / "all.txt"
    together.write_text("".join(file.read_text(encoding="utf-8") for file in files if file.exists()), "utf-8")
    resolve([line for lines in files.values() for line in lines], together, *sys.argv[1:])
    for file, lines in files.items():
        part = CACHE / file.name
        part.unlink(missing_ok=True)
        resolve(lines, part, "--constraint", str(together))
        text = part.read_text(encoding="utf-8")
        if "://" in text or "--index" in text:
            sys.exit(f"{file.name} would name an index or an address")
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
