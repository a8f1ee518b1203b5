"""`python -m hello_api.drain`: the preStop hook. Readiness fails from now on, and we wait until nobody is told of us any more."""

from __future__ import annotations

import time

from .settings import from_environment
from .state import Lifecycle


def main() -> None:
    settings = from_environment()
    Lifecycle(settings.run_dir).drain()
    time.sleep(settings.pre_stop)


if __name__ == "__main__":
    main()
