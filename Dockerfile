# Jockey itself: the API by default, the engine with the command `node dist/src/engine.js`, and before either is started
# `node dist/src/store/migrate.js` and `node dist/seeds/seed.js`.

FROM node:20-bookworm-slim AS build
WORKDIR /jockey
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json nest-cli.json ./
COPY migrations migrations
COPY seeds seeds
COPY src src
RUN npx nest build

FROM node:20-bookworm-slim AS packages
WORKDIR /jockey
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:20-bookworm-slim
# Git reads the sources that are built; ssh is for apps with an ssh:// Git URL.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git openssh-client \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node /var/lib/jockey
WORKDIR /jockey
COPY --from=packages /jockey/node_modules node_modules
COPY --from=build /jockey/dist dist
COPY package.json ./
ENV NODE_ENV=production JOCKEY_HOST=0.0.0.0 JOCKEY_DATA_DIR=/var/lib/jockey
USER node
EXPOSE 4044
CMD ["node", "dist/src/main.js"]
