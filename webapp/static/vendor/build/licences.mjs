// Writes LICENSE beside each bundle: the licence texts of every package that went into it, each text once.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';

const root = new URL('./node_modules/', import.meta.url);
const lock = JSON.parse(readFileSync(new URL('./package-lock.json', import.meta.url), 'utf8'));
const bundles = {
  codemirror: (name) => /^(@codemirror|@lezer|@marijn)\/|^(codemirror-lang-sparql|style-mod|w3c-keyname|crelt)$/.test(name),
  d3: (name) => /^(d3-.*|internmap|topojson-client)$/.test(name),
  world: (name) => name === 'world-atlas',
};
for (const [bundle, holds] of Object.entries(bundles)) {
  const texts = new Map();
  for (const [path, { version, license }] of Object.entries(lock.packages)) {
    const name = path.replace('node_modules/', '');
    if (!path || !holds(name)) continue;
    const file = readdirSync(new URL(`${name}/`, root)).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file || !existsSync(new URL(`${name}/${file}`, root))) throw new Error(`${name} has no licence file`);
    const text = readFileSync(new URL(`${name}/${file}`, root), 'utf8').trim();
    texts.set(text, [...(texts.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const parts = [...texts].map(([text, names]) => `${names.join(', ')}\n\n${text}\n`);
  writeFileSync(new URL(`../${bundle}/LICENSE`, import.meta.url), parts.join(`\n${'-'.repeat(79)}\n\n`));
}
