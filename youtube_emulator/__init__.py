"""A faithful local stand-in for the YouTube Data API v3, a program of its own: for demos, tests and load.

    python -m youtube_emulator --port 8080 [--catalogue FILE]

Serves `search`, `videos`, `playlistItems` and `channels` under `/youtube/v3`, as docs/youtube-api.md describes
them, out of a file of real videos or of made-up ones. It imports nothing of the product, nor does the product
import it.

    app -> search_answer -> search, details, playlists, channel_list
                -> library (vanishing -> catalogue | made_up) -> shelf -> matching -> words
        -> keys, quota -> usage; key_refusals, refusals, faults

Beside the API, `/emulator/counts` tells tests what each project has used.
"""
