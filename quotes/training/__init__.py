"""Every recipe that makes weights: treebanks, entity data and annotated news to what `quotes/models` loads."""
