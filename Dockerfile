# One image for the producer, the processor, the query API, the dashboard, what prepares the engines for them, and, in
# the demo, the emulator: the command tells them apart.

FROM python:3.12-slim AS packages
RUN apt-get update && apt-get install --yes --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
RUN python -m venv --without-pip /opt/packages
COPY requirements.lock .
# Packages are compiled here, since nothing can be written where they run; symbols for debuggers are a third of them.
RUN --mount=type=cache,target=/var/cache/pip \
    pip --python /opt/packages/bin/python --cache-dir /var/cache/pip --disable-pip-version-check \
        install --require-hashes -r requirements.lock \
 && find /opt/packages -name '*.so' -exec strip --strip-unneeded {} +

FROM python:3.12-slim
ENV PATH=/opt/packages/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
# Volumes take their owners from here. Passwords are written as the user that Elasticsearch and Kibana run as in their
# images, and those for the services can be read by their group.
RUN useradd --uid 10001 --no-create-home service \
 && install --directory --owner=service --group=service /data \
 && install --directory --mode=1777 /backups \
 && install --directory --owner=1000 --group=service --mode=0700 /run/engine-secrets \
 && install --directory --owner=1000 --group=service --mode=2750 /run/service-secrets /run/reader-secrets
COPY --from=packages /opt/packages /opt/packages
WORKDIR /product
COPY event_log event_log
COPY key_vault key_vault
COPY kibana kibana
COPY observability observability
COPY operations operations
COPY processor processor
COPY producer producer
COPY provisioning provisioning
COPY query_api query_api
COPY schemas schemas
COPY starting starting
COPY video_index video_index
COPY waiting waiting
COPY youtube_emulator youtube_emulator
RUN python -m compileall -q .
USER service
