# syntax=docker/dockerfile:1
# One image for every role: `warmline serve`, `warmline work`, `warmline schedule`, `warmline migrate`.
# Each step is one of deploy/image.sh, which runs without Docker as well.
#
#   docker build --tag warmline .

ARG NODE=22-bookworm-slim
ARG RUST=1.95-bookworm

FROM node:${NODE} AS console
WORKDIR /src
COPY deploy/image.sh deploy/image.sh
COPY console console
RUN deploy/image.sh console

FROM rust:${RUST} AS program
RUN apt-get update \
    && apt-get install --yes --no-install-recommends busybox-static ca-certificates \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
COPY --from=console /src/console/dist console/dist
ARG FEATURES=
RUN FEATURES="${FEATURES}" deploy/image.sh binary
RUN deploy/image.sh root /image && deploy/image.sh try /image

FROM scratch
COPY --from=program /image /
ENV PATH=/usr/local/bin:/bin
ENV WARMLINE_ENV=production
ENV WARMLINE_LOG_FORMAT=json
# Inside the container only, as long as nobody publishes it.
ENV WARMLINE_OPERATIONS_ADDRESS=0.0.0.0:9464
USER 10001:10001
EXPOSE 3000 9464
# It takes on nothing new from then on, and ends within 25 seconds: give it 30.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9464/livez"]
CMD ["warmline", "serve"]
