# Everything Keepwatch needs comes from npm; the image only adds a Node to begin with, and ping for monitors of that kind.
FROM node:20-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends iputils-ping && rm -rf /var/lib/apt/lists/*
ENV KEEPWATCH_DATA=/data KEEPWATCH_HOST=0.0.0.0
WORKDIR /keepwatch
COPY package.json package-lock.json .npmrc ./
COPY bin ./bin
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 7243
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s \
  CMD node -e "fetch('http://127.0.0.1:7243/readyz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
CMD ["npm", "start", "--silent"]
