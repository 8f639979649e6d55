// Makes ../world/world.json: the countries of world-atlas (Natural Earth, public domain) at 1:110 million, named by
// their ISO 3166 codes, and a point for every country that is too small to be on that map.
import { readFileSync, writeFileSync } from 'node:fs';
import { geoCentroid } from 'd3-geo';
import { feature } from 'topojson-client';

const read = (path) => JSON.parse(readFileSync(new URL(`./node_modules/${path}`, import.meta.url), 'utf8'));
const codes = new Map(read('i18n-iso-countries/codes.json').map(([alpha2, alpha3, numeric]) => [numeric, [alpha2, alpha3]]));
const world = read('world-atlas/countries-110m.json');
const finer = read('world-atlas/countries-50m.json');

const countries = world.objects.countries;
for (const shape of countries.geometries) {
  const [alpha2, alpha3] = codes.get(shape.id) ?? [];
  delete shape.id;
  shape.properties = alpha2 ? { code: alpha2, alpha3 } : {};
}
const drawn = new Set(countries.geometries.map((shape) => shape.properties.code));
const points = {};
for (const shape of feature(finer, finer.objects.countries).features) {
  const [alpha2, alpha3] = codes.get(shape.id) ?? [];
  if (!alpha2 || drawn.has(alpha2)) continue;
  points[alpha2] = [alpha3, ...geoCentroid(shape).map((degrees) => Math.round(degrees * 10) / 10)];
}
const kept = { type: 'Topology', transform: world.transform, arcs: world.arcs, objects: { countries }, points };
writeFileSync(new URL('../world/world.json', import.meta.url), `${JSON.stringify(kept)}\n`);
console.log(`world.json: ${drawn.size} shapes, ${Object.keys(points).length} points`);
