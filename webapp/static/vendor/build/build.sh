#!/bin/sh
# Makes the vendored scripts and the map anew from the versions in package.json; see ../README.md.
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund
node node_modules/esbuild/install.js
mkdir -p ../codemirror ../d3 ../world
for name in codemirror d3; do
  ./node_modules/.bin/esbuild "$name.js" --bundle --minify --format=esm --target=es2022 --charset=utf8 \
    --legal-comments=none --outfile="../$name/$name.js"
done
node world.mjs
node licences.mjs
rm -rf node_modules
