"""Finds a Chromium for the browser tests, or installs one. Prints what happened; exit code 1 where CI needs one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MISSING = (
    "No Chromium was found and none could be installed: the browser tests are skipped. "
    "Install one (on Debian, as root: apt-get install chromium) or set CHROMIUM to its path."
)


def find_chromium() -> Path | None:
    """The browser that CHROMIUM names, else the first on the PATH, else Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named) if os.access(named, os.X_OK) else None
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(on_path) if on_path else playwright_chromium()


def playwright_chromium() -> Path | None:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return next((path for path in sorted(folder.glob("chromium-*/chrome-*/chrome")) if os.access(path, os.X_OK)), None)


def install_chromium() -> None:
    """Try the ways there are: Debian's package for root, then Playwright's download. Failing is no error here."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium with apt-get ...", flush=True)
        _try(["apt-get", "update", "-qq"])
        _try(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])
    if find_chromium() is None:
        print("Asking Playwright for its Chromium ...", flush=True)
        _try([sys.executable, "-m", "playwright", "install", "chromium"])


def _try(command: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=300, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        reason = (getattr(error, "stderr", None) or str(error).encode()).decode(errors="replace").strip()
        print(f"{' '.join(command[:3])}: {(reason.splitlines() or ['failed'])[-1]}", flush=True)


def main() -> int:
    if find_chromium() is None:
        install_chromium()
    if find_chromium() is None:
        print(MISSING, file=sys.stderr, flush=True)
        return 1 if os.environ.get("CI") == "true" else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
