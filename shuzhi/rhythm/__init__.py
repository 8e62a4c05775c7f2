"""Rhythm: what is expected of whom by when, the weekly plan, the day's report, the meeting at which accounts are settled."""
