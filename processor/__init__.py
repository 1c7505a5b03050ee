"""Turns raw search results into one document per video, on `youtube.videos` and in the index."""
