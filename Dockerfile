FROM node:22.12-bookworm-slim AS base
WORKDIR /app
COPY . .
RUN npm ci && npm prune --omit=dev --ignore-scripts

# The bridge on Asterisk, with a voice and the program that makes sounds of 8 kHz.
FROM base AS bridge
RUN apt-get update \
  && apt-get install --yes --no-install-recommends espeak-ng sox libsox-fmt-mp3 \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o node -g node -m 700 /var/lib/hookline
USER node
CMD ["node", "bin/hookline.js", "bridge", "asterisk", "--config", "/etc/hookline/bridge.json"]

FROM base
USER node
CMD ["node", "bin/hookline.js", "worker"]
