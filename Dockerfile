# The service alone: Postgres and Redis come from outside, by settings (see docker-compose.yml).

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Nothing that the build needs has an install script, and some packages' scripts report home.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY scripts/bundle.mjs scripts/bundle.mjs
COPY scripts/lib/paths.mjs scripts/lib/paths.mjs
RUN npm run build && rm -r dist/.tsbuildinfo scripts
# TypeScript is an optional peer of a package that stays, so it goes only together with what is optional.
# The binaries of the SQLite reader are optional packages, too, one a platform: they stay.
RUN mv node_modules/@libsql /tmp/libsql \
 && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
 && mv /tmp/libsql node_modules/@libsql
COPY migrations migrations
COPY scripts/tool.mjs scripts/tool.mjs
# Files keep the rights they have in the clone, where a strict umask may have closed them to everybody else.
RUN chmod -R a+rX package.json migrations scripts

FROM node:24-bookworm-slim
# Only inside its container does the service listen on every interface: what is published outside is decided there. The bare
# name lets PORTFOLIO_HOST and a deployment's own HOST both win. The allocator gives large buffers back when they are freed:
# left to itself it keeps them, in pieces, and what the process holds grows with the messages it has read.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=131072 \
    MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /app
# Everything belongs to root and the service runs as `node`: it can change nothing of itself. It writes no files, so the
# container's file system may be read-only.
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/migrations migrations
COPY --from=build /app/scripts scripts
# The user `node`, as a number: an orchestrator that forbids root cannot tell from a name who it is.
USER 1000:1000
EXPOSE 8004
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORTFOLIO_PORT || process.env.PORT || 8004}/health/live`, { signal: AbortSignal.timeout(2500) }).then((response) => process.exit(response.ok ? 0 : 1), () => process.exit(1))"]
# Node is the first process and gets SIGTERM itself: the service drains and ends with 0.
# A young generation of three times 32 MB: most of a batch is garbage when it is committed, and is then never copied.
CMD ["node", "--max-semi-space-size=32", "dist/main.js"]
