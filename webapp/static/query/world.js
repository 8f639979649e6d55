/* A map of the world without tiles: countries shaded by a number, points where the data has coordinates. */

import { number, say, short } from './messages.js';
import { canvas, html, svg, tips } from './marks.js';
import { columnsOf, country, shown } from './results.js';
import { places } from './views.js';

const STEPS = 6;
const MOST_POINTS = 3000;
let loaded = null;

/** The shapes and points of all countries, by ISO 3166 code of two letters. */
async function atlas(d3, settings) {
  loaded ??= fetch(settings.files.world).then((answer) => answer.json()).then((world) => {
    const shapes = d3.feature(world, world.objects.countries).features.filter((shape) => shape.properties.code !== 'AQ');
    const alpha3 = new Map(shapes.map((shape) => [shape.properties.alpha3, shape.properties.code]));
    const points = new Map(Object.entries(world.points).map(([code, [three, ...at]]) => { alpha3.set(three, code); return [code, at]; }));
    return { shapes, points, alpha3 };
  });
  return loaded;
}

/** What each country has: its number, the cell that names it. */
function valued(table, alpha3) {
  const place = places(table);
  if (!place) return new Map();
  const [measure] = columnsOf(table, 'number');
  const found = new Map();
  for (const row of table.rows) {
    const code = country(row[place.at]);
    if (!code) continue;
    const key = code.length === 3 ? alpha3.get(code) : code;
    const known = found.get(key) ?? { cell: row[place.at], value: 0 };
    known.value += measure ? row[measure.at]?.number ?? 0 : 1;
    found.set(key, known);
  }
  return found;
}

export async function map({ table, box, d3, settings }) {
  const { shapes, points, alpha3 } = await atlas(d3, settings);
  const values = valued(table, alpha3);
  const spots = columnsOf(table, 'point').slice(0, 1).flatMap((column) => table.rows.slice(0, MOST_POINTS).filter((row) => row[column.at]).map((row) => ({ row, at: row[column.at].point })));
  const { drawing, width, height } = canvas(box, Math.round(Math.max(240, Math.min(560, box.clientWidth * 0.5))), say('drawing'));
  drawing.classList.add('map');
  const sphere = { type: 'Sphere' };
  const drawn = spots.length && !values.size ? { type: 'MultiPoint', coordinates: spots.map((spot) => spot.at) } : { type: 'FeatureCollection', features: shapes };
  const projection = d3.geoEqualEarth().fitExtent([[8, 8], [width - 8, height - 8]], spots.length === 1 ? sphere : drawn);
  if (projection.scale() > 2000) projection.fitExtent([[8, 8], [width - 8, height - 8]], sphere);
  const path = d3.geoPath(projection);
  const most = Math.max(0, ...[...values.values()].map((one) => one.value));
  const step = (value) => (most > 0 ? Math.min(STEPS, Math.max(1, Math.ceil((Math.sqrt(value) / Math.sqrt(most)) * STEPS))) : 1);
  const layer = svg('g', {}, svg('path', { class: 'sea', d: path(sphere) }));
  for (const shape of shapes) {
    const held = values.get(shape.properties.code);
    layer.append(svg('path', {
      class: held ? `land step-${step(held.value)}` : 'land', d: path(shape), 'data-tip': held ? `${shown(held.cell)}: ${number(held.value)}` : null,
    }));
  }
  for (const [code, held] of values) {
    if (!points.has(code)) continue;
    const [x, y] = projection(points.get(code));
    layer.append(svg('circle', { class: `spot land step-${step(held.value)}`, cx: x, cy: y, r: 4, 'data-tip': `${shown(held.cell)}: ${number(held.value)}` }));
  }
  drawPoints(spots, { table, layer, projection, d3 });
  drawing.append(layer);
  if (values.size && most > 0) key(drawing, { most, height, width, mirrored: settings.direction === 'rtl' });
  zoomable(d3, { drawing, layer, box, width, height });
  tips(box);
  const placed = [...values.keys()].filter((code) => points.has(code) || shapes.some((shape) => shape.properties.code === code));
  const missing = values.size - placed.length;
  return { svg: drawing, note: missing > 0 ? say('no-place', number(missing)) : null };
}

function drawPoints(spots, { table, layer, projection, d3 }) {
  const [name] = columnsOf(table, 'thing', 'text');
  const [measure] = columnsOf(table, 'number');
  const size = measure ? d3.scaleSqrt([0, Math.max(...spots.map(({ row }) => row[measure.at]?.number ?? 0)) || 1], [2, 14]) : () => 4;
  for (const { row, at } of spots) {
    const place = projection(at);
    if (!place) continue;
    const tip = [name ? shown(row[name.at]) : '', measure ? number(row[measure.at]?.number ?? 0) : ''].filter(Boolean).join(': ');
    layer.append(svg('circle', { class: 'ink dot series-1', cx: place[0], cy: place[1], r: size(measure ? row[measure.at]?.number ?? 0 : 1), 'data-tip': tip || null }));
  }
}

/** What the shades mean. */
function key(drawing, { most, height, width, mirrored }) {
  const group = svg('g', { class: 'legend' });
  const left = (offset) => (mirrored ? width - 12 - offset : 12 + offset);
  for (let at = 1; at <= STEPS; at += 1) group.append(svg('rect', { class: `land step-${at}`, x: mirrored ? left(at * 22) : left((at - 1) * 22), y: height - 20, width: 22, height: 10 }));
  group.append(
    svg('text', { class: 'tick', x: left(0), y: height - 26, 'text-anchor': 'start' }, '1'),
    svg('text', { class: 'tick', x: left(STEPS * 22), y: height - 26, 'text-anchor': 'end' }, short(most)),
  );
  drawing.append(group);
}

/** Buttons to look closer; dragging moves, the wheel zooms while Ctrl is held, as pages scroll. */
export function zoomable(d3, { drawing, layer, box, width, height }) {
  const zoom = d3.zoom().scaleExtent([1, 12]).translateExtent([[0, 0], [width, height]])
    .filter((event) => (event.type === 'wheel' ? event.ctrlKey || event.metaKey : !event.button && (event.type !== 'touchstart' || event.touches.length > 1)))
    .on('zoom', (event) => {
      layer.setAttribute('transform', event.transform);
      drawing.style.setProperty('--zoom', event.transform.k);
    });
  const selected = d3.select(drawing).call(zoom).on('dblclick.zoom', null);
  const button = (icon, factor) => {
    const made = html('button', { type: 'button', class: 'cdx-button cdx-button--icon-only zoom-button', 'aria-label': icon === 'zoomIn' ? '+' : '−' });
    made.append(svg('svg', { class: 'icon', width: 20, height: 20, 'aria-hidden': 'true' }, svg('use', { href: `${box.dataset.icons}#${icon}` })));
    made.addEventListener('click', () => selected.call(zoom.scaleBy, factor));
    return made;
  };
  box.append(html('div', { class: 'zoom-buttons' }, button('zoomIn', 1.6), button('zoomOut', 1 / 1.6)));
}
