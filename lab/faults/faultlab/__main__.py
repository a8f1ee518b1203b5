"""`lab/faults/run`: what to examine, progress, the closing line, exit code 0 or 1."""

from __future__ import annotations

import argparse
import json
import sys

from .documents import write_faults
from .registry import all_faults
from .runner import Result, examine_all


def main() -> int:
    parser = argparse.ArgumentParser(prog="lab/faults/run", description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, metavar="FAULT", help="numbers of faults; default: all")
    parser.add_argument("--side", choices=("original", "repaired"), help="only one of the two")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout instead of lines")
    parser.add_argument("--write", action="store_true", help="write docs/faults.json, docs/faults.md and the answers' figures")
    parser.add_argument("--jobs", type=int, default=4, help="faults at a time (default 4)")
    options = parser.parse_args()

    known = {fault.number: fault for fault in all_faults()}
    unknown = [number for number in options.numbers if number not in known]
    if unknown:
        print(f"lab/faults/run: no fault {unknown[0]}; there are {min(known)} to {max(known)}", file=sys.stderr)
        return 2
    if options.write and (options.numbers or options.side):
        print("lab/faults/run: --write needs the whole table: leave out numbers and --side", file=sys.stderr)
        return 2
    chosen = [known[number] for number in options.numbers or sorted(known)]
    sides = (options.side,) if options.side else ("original", "repaired")
    done = 0

    def report(result: Result) -> None:
        nonlocal done
        done += 1
        if sys.stderr.isatty():
            print(f"\r\033[K{done}/{len(chosen)} {result.fault.number} {result.fault.title}", end="", file=sys.stderr)
        if options.json:
            return
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr)
        print(f"{'ok  ' if result.passed else 'FAIL'} {result.fault.number:>2} {result.fault.title} ({result.seconds:.0f} s)")
        if result.before:
            print(f"        repeated alone, since the first time: {result.before}")
        for side in sides:
            print(f"        {side}: {result.seen.get(side) or 'FAILED: ' + result.errors[side]}")
        sys.stdout.flush()

    results = examine_all(chosen, sides, options.jobs, report)
    failed = [result for result in results if not result.passed]
    if options.json:
        rows = [
            {"number": r.fault.number, "title": r.fault.title, "seen": r.seen, "errors": r.errors, "figures": r.figures} for r in results
        ]
        print(json.dumps({"faults": rows, "passed": len(results) - len(failed), "failed": len(failed)}, indent=2))
    if options.write:
        if failed:
            print("lab/faults/run: nothing written: a fault was not seen, or its repair was not", file=sys.stderr)
        else:
            write_faults(results)
    if not options.json:
        print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
