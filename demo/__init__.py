"""The demo county 明澜县: fictional, made from a seed, written as the workbooks a county would send."""
