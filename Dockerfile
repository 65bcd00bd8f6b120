# The program in one image: built with all tools, run with production dependencies only.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json prisma.config.ts ./
COPY prisma prisma
COPY src src
RUN npm run build && node prisma/template.mjs \
  # Pictures are drawn by libvips, which comes as an optional package of sharp for this platform: it stays.
  && cp -r node_modules/@img /img \
  && npm prune --omit=dev --omit=optional --omit=peer --ignore-scripts \
  && mkdir -p node_modules/@img && cp -r /img/. node_modules/@img/ \
  # Bundles for browsers and weights that nothing draws with: 120 MB.
  && rm -rf node_modules/echarts/dist node_modules/echarts/types node_modules/echarts/asset \
  && find node_modules/@expo-google-fonts/noto-sans-sc -name '*.ttf' ! -path '*400Regular*' ! -path '*700Bold*' -delete

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    DATA_DIR=/data
WORKDIR /app
# Only the data directory may be written to.
RUN install -d -o node -g node /data
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY rubric rubric
COPY prompts prompts
COPY locales locales
COPY prisma/migrations prisma/migrations
COPY src/http/page src/http/page
USER node
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself is process 1 and takes SIGTERM: it finishes what is in hand, then stops.
CMD ["node", "dist/main.js"]
