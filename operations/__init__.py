"""What keeps an installation going: the index made anew while the pipeline runs, backups, and what they are good for.

`python -m operations reindex|backup|restore|verify|rotate` finds log and index as the services do; when to use which
is in docs/operations.md.
"""
