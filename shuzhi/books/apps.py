"""The books app."""

from django.apps import AppConfig


class BooksConfig(AppConfig):
    """Closings."""

    name = "shuzhi.books"
    verbose_name = "结账"

    def ready(self) -> None:
        """Have ``verify()`` look at every closing too."""
        from shuzhi.books.queries import check_closings  # models are ready only now
        from shuzhi.evidence.verify import CHECKERS

        if check_closings not in CHECKERS:
            CHECKERS.append(check_closings)
