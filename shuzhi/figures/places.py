"""Where closings lie: in folders, in folders of closings, or in an object store, fetched when they are needed."""

from functools import lru_cache
from pathlib import Path

from shuzhi.figures.closing import Closing, open_closing


@lru_cache(maxsize=4096)
def opened(place: str) -> Closing:
    """The closing that lies there, its manifest checked; raises Refused when there is none or it is damaged."""
    return open_closing(Path(place))
