# syntax=docker/dockerfile:1

# Nothing of this stage but its result is shipped.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Without scripts: `prepare` would build the program, whose sources are not here yet.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
RUN npm run build \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
 # This Node brings SQLite; the package is for older ones (docs/decisions/0018).
 && rm -rf node_modules/@photostructure
COPY bin bin
COPY certs certs
COPY terms terms
COPY LICENSE ./
# Everything the program consists of belongs to root and is read-only, whatever the checkout's permissions were.
RUN chmod -R a=rX,u+w /app

FROM node:24-bookworm-slim AS runtime
LABEL org.opencontainers.image.title="Qaqpa" \
      org.opencontainers.image.description="Sign-in gateway for Kazakhstan EDS" \
      org.opencontainers.image.licenses="MIT"
# A package manager has no work here and would only help an intruder.
RUN rm -rf /usr/local/lib/node_modules /opt/yarn-* \
           /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg \
 && install -d -o node -g node -m 0700 /data
WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/bin bin
COPY --from=build /app/certs certs
COPY --from=build /app/terms terms
ENV NODE_ENV=production \
    QAQPA_HOST=0.0.0.0 \
    QAQPA_PORT=8080 \
    QAQPA_DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.QAQPA_PORT}/livez`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/qaqpa.js"]
CMD ["serve"]
