"""Papers set in GB/T 9704: docx, PDF and HTML."""
