# One image for the producer, the processor, the query API, the dashboard, what prepares the engines for them, and, in
# the demo, the emulator: the command tells them apart.

FROM python:3.12-slim AS packages
RUN apt-get update && apt-get install --yes --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
RUN python -m venv --without-pip /opt/packages
COPY requirements.lock .
# Packages are compiled here, since nothing can be written where they run; symbols for debuggers are a third of them.
RUN --mount=type=cache,target=/root/.cache/pip \
    pip --python /opt/packages/bin/python install --disable-pip-version-check --require-hashes -r requirements.lock \
 && find /opt/packages -name '*.so' -exec strip --strip-unneeded {} +

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
COPY processor processor
COPY producer producer
COPY provisioning provisioning
COPY query_api query_api
COPY schemas schemas
COPY starting starting
COPY video_index video_index
COPY youtube_emulator youtube_emulator
RUN python -m compileall -q .
USER service
