# Front-end packages come from npm, in a stage of their own; the image that runs has no Node.js.
FROM node:24-slim AS front-end
WORKDIR /front-end
COPY package.json package-lock.json .npmrc ./
RUN npm ci
RUN mkdir vendor \
    && cp node_modules/htmx.org/dist/htmx.min.js vendor/htmx.min.js \
    && cp node_modules/uplot/dist/uPlot.iife.min.js vendor/uplot.min.js \
    && cp node_modules/uplot/dist/uPlot.min.css vendor/uplot.min.css \
    && cp node_modules/@zxing/library/umd/index.min.js vendor/zxing.min.js

FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000 YOUHUO_STATE=/var/lib/youhuo NUMBA_CACHE_DIR=/var/lib/youhuo/numba
# LightGBM needs OpenMP's run-time library.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/youhuo youhuo
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --no-deps -r requirements.txt
COPY . .
COPY --from=front-end /front-end/vendor static/vendor
RUN for catalog in locale/*/LC_MESSAGES/*.po; do \
        if [ -e "$catalog" ]; then pybabel --quiet compile --input-file "$catalog" --output-file "${catalog%.po}.mo"; fi; \
    done
USER youhuo
# Collecting needs no server, but the settings want to hear of one; this key is used for nothing else.
RUN DATABASE_URL=postgres://none/none REDIS_URL=redis://none SECRET_KEY=only-to-collect-the-static-files-of-this-image \
    python manage.py collectstatic --no-input --verbosity 0
EXPOSE 8000
# The web line of the Procfile; docker-compose.yml gives the others.
CMD ["/bin/sh", "-c", "exec granian --interface wsgi --host $HOST --port $PORT --workers ${WEB_WORKERS:-2} --blocking-threads ${WEB_THREADS:-4} --no-ws config.wsgi:application"]
