# One image for the producer, the processor, the query API, the dashboard and, in the demo, the emulator: the command
# tells them apart.

FROM python:3.12-slim AS packages
RUN python -m venv /opt/packages
COPY requirements.lock .
RUN /opt/packages/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

FROM python:3.12-slim
ENV PATH=/opt/packages/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
# The data directory is a volume that takes its owner from here.
RUN useradd --uid 10001 --no-create-home service && mkdir /data && chown service /data
COPY --from=packages /opt/packages /opt/packages
WORKDIR /product
COPY event_log event_log
COPY key_vault key_vault
COPY kibana kibana
COPY observability observability
COPY operations operations
COPY processor processor
COPY producer producer
COPY query_api query_api
COPY schemas schemas
COPY starting starting
COPY video_index video_index
COPY youtube_emulator youtube_emulator
USER service
