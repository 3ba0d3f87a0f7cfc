# One image for web, worker and beat. Build: docker build -t community-portal .
# Stage 1 installs the pinned set of requirements/base.txt (all wheels, no compiler); stage 2 carries the result only.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements/base.txt /tmp/base.txt
RUN /opt/venv/bin/pip install --only-binary :all: --requirement /tmp/base.txt

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Community portal" \
      org.opencontainers.image.description="Meetups, a 90-day dashboard and a partner ranking for an open-source community" \
      org.opencontainers.image.licenses="BSD-3-Clause"
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PORTAL_VAR=/var/lib/portal
WORKDIR /srv/portal
COPY --from=build /opt/venv /opt/venv
COPY manage.py pyproject.toml LICENSE ./
COPY portal portal
COPY meetups meetups
COPY dashboard dashboard
COPY partners partners
COPY templates templates
COPY static static
# Static files belong to the image; addresses and key are placeholders that nothing of this step connects to.
RUN mkdir -p /var/lib/portal/media \
    && SECRET_KEY=only-for-collectstatic DATABASE_URL=postgres://nobody@localhost/none REDIS_URL=redis://localhost/0 \
       python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q portal meetups dashboard partners \
    && chown -R 10001:10001 /var/lib/portal/media
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.parse as p, urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'Host': p.urlsplit(os.environ.get('SITE_URL', 'http://localhost')).netloc}), timeout=4)"]
# With gunicorn instead: gunicorn portal.wsgi --bind 0.0.0.0:8000 --workers 2 --threads 4 --worker-tmp-dir /dev/shm
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "20", "portal.wsgi:application"]
