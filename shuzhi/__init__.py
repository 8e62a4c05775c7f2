"""述职 shuzhi: a county's year kept as accounts with evidence, from which its annual duty report compiles itself."""

#: The version, as in the first heading of CHANGELOG.md (a house test holds them together).
__version__ = "0.1.0"
