"""Starts the fake Marketo, and stops it at the end."""

import subprocess
from contextlib import contextmanager


@contextmanager
def running(program, *arguments):
    """What the fake says of itself (url, soap, user, key and so on) while it runs."""
    process = subprocess.Popen([program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        said = {}
        for line in iter(process.stdout.readline, "\n"):
            if not line:
                raise SystemExit("the fake ended before it said where it listens")
            name, value = line.rstrip("\n").split("=", 1)
            said[name] = value
        yield said
    finally:
        process.stdin.close()
        process.wait(timeout=30)
