"""The portal: the shelf of what was published, and the public pages that read nothing else."""
