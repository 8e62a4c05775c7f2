"""Pieces of work that executors import: plain functions of one place."""

import os
import signal
import time
from pathlib import Path

from shuzhi.kernel.finding import Finding, Refused


def squared(place: int) -> int:
    """A value that shows which place it is of."""
    return place * place


def picky(place: int) -> int:
    """Refuses the third place."""
    if place == 3:
        raise Refused(Finding("work.three", "三不要", "换一个", str(place)))
    return place


def named(place: str) -> str:
    """Reads a file; hiccups once for each that says so."""
    path = Path(place)
    said = path.read_text("utf-8")
    if said == "hiccup":
        path.write_text("well", "utf-8")
        raise TimeoutError("slow disk")
    return said


def fatal(place: str) -> str:
    """Dies with its process the first time it comes to a place that says so."""
    path = Path(place)
    if path.read_text("utf-8") == "fatal":
        path.write_text("survived", "utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    return path.read_text("utf-8")


def always_fatal(place: int) -> int:
    """Dies with its process every time."""
    os.kill(os.getpid(), signal.SIGKILL)
    return place


def patient(place: str) -> str:
    """Says that it has begun and waits until it may go on, or for a minute."""
    begun, go = Path(place, "begun"), Path(place, "go")
    begun.touch()
    until = time.monotonic() + 60
    while not go.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return begun.parent.name


def number_of_process(place: int) -> int:
    """The process it is done in."""
    return os.getpid()
