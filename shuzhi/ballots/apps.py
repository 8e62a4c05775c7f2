"""The ballots app."""

from django.apps import AppConfig


class BallotsConfig(AppConfig):
    """Evaluations by secret ballot."""

    name = "shuzhi.ballots"
    verbose_name = "民主测评"

    def ready(self) -> None:
        """Have ``verify()`` look into open urns and recount sealed ones too."""
        from shuzhi.ballots.queries import check_urns  # models are ready only now
        from shuzhi.evidence.verify import CHECKERS

        if check_urns not in CHECKERS:
            CHECKERS.append(check_urns)
