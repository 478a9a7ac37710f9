# The database of articles/, built and served:  docker build -t quotes . && docker run -p 127.0.0.1:8001:8001 quotes
# Another one, from a folder that holds quotes.db and counts.json:  docker run -v /srv/quotes/current:/data:ro …
# docs/deploy.md tells more.
FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /venv
COPY pyproject.toml constraints.txt README.md LICENSE build_db.py ./
COPY quotes quotes
RUN /venv/bin/pip install --no-cache-dir -c constraints.txt .
COPY articles articles
RUN /venv/bin/python build_db.py --quiet
RUN /venv/bin/datasette inspect quotes.db --inspect-file counts.json

FROM python:3.11-slim
RUN useradd --system --no-create-home --shell /usr/sbin/nologin quotes
COPY --from=build /venv /venv
COPY metadata.yml /etc/quotes/metadata.yml
WORKDIR /data
COPY --from=build /build/quotes.db /build/counts.json ./
USER quotes
EXPOSE 8001
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["/venv/bin/python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8001/-/versions.json', timeout=5)"]
CMD ["/venv/bin/datasette", "serve", "-i", "quotes.db", "--inspect-file", "counts.json", "-m", "/etc/quotes/metadata.yml", "-h", "0.0.0.0", "-p", "8001", "--setting", "default_allow_sql", "off", "--setting", "allow_download", "off", "--setting", "allow_csv_stream", "off", "--setting", "suggest_facets", "off", "--setting", "sql_time_limit_ms", "1000", "--setting", "default_cache_ttl", "300", "--setting", "force_https_urls", "on"]
