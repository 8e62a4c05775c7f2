"""``python -m shuzhi`` is the command ``shuzhi``."""

import sys

from shuzhi.cli import main

sys.exit(main())
