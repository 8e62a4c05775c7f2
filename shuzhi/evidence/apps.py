"""The evidence app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Journal, blobs and papers."""

    name = "shuzhi.evidence"
    verbose_name = "证据"
