"""Intake: workbooks in, as offices keep them, and out again marked; nothing is loaded by halves."""
