"""What keeps an installation going: the index made anew while the pipeline runs, backups, and what they are good for.

`python -m operations reindex|backup|restore|verify` finds log and index as the services do. docs/operations.md says
when to use which.
"""
