"""The FastAPI service: search, subjects and API keys over HTTP."""
