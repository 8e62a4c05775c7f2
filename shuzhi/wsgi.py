"""The WSGI application for a server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuzhi.settings")
# Definitions and drafts are many small objects that stay; they need not be looked through for garbage all the time.
gc.set_threshold(100_000, 20, 20)
application = get_wsgi_application()
