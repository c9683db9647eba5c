# The service alone: Postgres and Redis come from outside, by settings (see docker-compose.yml).

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY migrations migrations
COPY src src
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    PORTFOLIO_HOST=0.0.0.0 \
    PORTFOLIO_PORT=8004
WORKDIR /app
# Everything belongs to root and the service runs as `node`: it can change nothing of itself. It writes no files, so the
# container's file system may be read-only.
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/migrations migrations
COPY scripts/tool.mjs scripts/tool.mjs
USER node
EXPOSE 8004
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORTFOLIO_PORT}/health/live`, { signal: AbortSignal.timeout(2500) }).then((response) => process.exit(response.ok ? 0 : 1), () => process.exit(1))"]
# Node is the first process and gets SIGTERM itself: the service drains and ends with 0.
CMD ["node", "dist/main.js"]
