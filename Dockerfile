FROM node:22.12-bookworm-slim
WORKDIR /app
COPY . .
RUN npm ci && npm prune --omit=dev --ignore-scripts
USER node
CMD ["node", "bin/hookline.js", "worker"]
