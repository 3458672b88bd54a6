"""Launcher for a checkout: the same command line as the installed ``journeyseo``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from journeyseo.cli.main import main

if __name__ == "__main__":
    main()
