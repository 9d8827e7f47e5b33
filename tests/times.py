#!/usr/bin/python3
"""times.py SECONDS: passes ctest's output on, and before its summary says how long the build (SECONDS) and the slowest tests took."""
import re
import sys


def main():
    times, summary = {}, []
    for line in sys.stdin:
        if summary or re.match(r"\d+% tests passed", line):
            summary.append(line)
            continue
        print(line, end="", flush=True)
        if found := re.match(r"\s*\d+/\d+ Test +#\d+: (.*?) *(?:\.{2,}.*?)?(?:\*\*\*\w+|Passed) +([0-9.]+) sec", line):
            times[found[1]] = float(found[2])
    if times:
        print(f"\nThe build took {sys.argv[1]} s, the tests {sum(times.values()):.0f} s of one at a time; the slowest:")
        for name in sorted(times, key=times.get, reverse=True)[:12]:
            print(f"{times[name]:8.1f} s  {name}")
    print("".join(["\n"] + summary), end="")


main()
