/* Parts of a whole: a ring of slices, packed circles, nested rectangles. */

import { number, say } from './messages.js';
import { canvas, colour, coloured, cut, svg, tips } from './marks.js';
import { columnsOf, shown } from './results.js';

const SLICES = 9;
const MOST = 300;

/** The things of a table with their first number, the largest first, and the thing they belong to. */
function parts(table) {
  const things = columnsOf(table, 'thing', 'text').filter((column) => new Set(table.rows.map((row) => row[column.at]?.value)).size > 1);
  const [first, second] = things.length ? things : columnsOf(table, 'thing', 'text');
  const [measure] = columnsOf(table, 'number');
  const unique = new Set(table.rows.map((row) => row[first.at]?.value)).size === table.rows.length;
  const [group, leaf] = second && !unique ? [first, second] : [null, first];
  return table.rows
    .map((row) => ({ cell: row[leaf.at], name: shown(row[leaf.at]), group: group ? row[group.at] : null, value: Math.max(0, row[measure.at]?.number ?? 0) }))
    .filter((part) => part.value > 0)
    .sort((one, other) => other.value - one.value);
}

export function pie({ table, box, d3, settings }) {
  const all = parts(table);
  const drawn = all.slice(0, all.length > SLICES + 1 ? SLICES : SLICES + 1);
  const rest = all.slice(drawn.length).reduce((sum, part) => sum + part.value, 0);
  if (rest) drawn.push({ cell: null, name: say('other'), value: rest });
  const total = drawn.reduce((sum, part) => sum + part.value, 0);
  const mirrored = settings.direction === 'rtl';
  const wide = box.clientWidth > 520;
  const side = Math.min(300, box.clientWidth - 20);
  const { drawing, width } = canvas(box, wide ? Math.max(side, drawn.length * 26) + 16 : side + 24 + drawn.length * 26, say('drawing'));
  const start = wide ? (mirrored ? width - side - 10 : 10) : (width - side) / 2;
  const ring = svg('g', { transform: `translate(${start + side / 2} ${side / 2 + 8})` });
  const arc = d3.arc().innerRadius(side * 0.27).outerRadius(side / 2).padAngle(0.012).cornerRadius(2);
  const own = coloured(drawn.map((part) => part.cell));
  const look = (part, at) => (own && part.cell ? colour(part.cell, at) : `series-${part.cell || !rest ? at % 8 : 'rest'}`);
  const share = (value) => `${number(Math.round((value / total) * 1000) / 10)} %`;
  d3.pie().sort(null).value((part) => part.value)(drawn).forEach((slice, at) => {
    const part = slice.data;
    ring.append(svg('path', { class: `ink ${look(part, at)}`, d: arc(slice), 'data-tip': `${part.name}: ${number(part.value)} (${share(part.value)})` }));
  });
  drawing.append(ring);
  const left = wide ? side + 40 : 20;
  drawn.forEach((part, at) => {
    const y = (wide ? 22 : side + 34) + at * 26;
    const x = mirrored ? width - left : left;
    const text = `${cut(part.name, width - left - 130)} · ${number(part.value)} (${share(part.value)})`;
    drawing.append(
      svg('rect', { class: `ink ${look(part, at)}`, x: mirrored ? x - 14 : x, y: y - 7, width: 14, height: 14, rx: 2 }),
      svg('text', { class: 'name', x: mirrored ? x - 22 : x + 22, y: y + 1, 'text-anchor': 'start', 'dominant-baseline': 'middle' }, text),
    );
  });
  tips(box);
  return { svg: drawing, note: null };
}

export function bubble({ table, box, d3 }) {
  const all = parts(table);
  const drawn = all.slice(0, MOST);
  const { drawing, width, height } = canvas(box, Math.min(560, Math.max(320, box.clientWidth * 0.6)), say('drawing'));
  const root = d3.pack().size([width, height]).padding(3)(d3.hierarchy({ children: drawn }).sum((part) => part.value ?? 0));
  const own = coloured(drawn.map((part) => part.cell));
  for (const { x, y, r, data } of root.leaves()) {
    drawing.append(svg('circle', { class: `ink soft ${own ? colour(data.cell, 0) : 'series-0'}`, cx: x, cy: y, r, 'data-tip': `${data.name}: ${number(data.value)}` }));
    const size = Math.max(11, Math.min(18, r / 3));
    const text = cut(data.name, 2 * r - 8, size);
    if (text.length < Math.min(4, data.name.length)) continue;
    drawing.append(svg('text', { class: 'name inside', x, y: r > 24 ? y - 4 : y, 'font-size': size, 'text-anchor': 'middle', 'dominant-baseline': 'middle' }, text));
    if (r > 24) drawing.append(svg('text', { class: 'value inside', x, y: y + size, 'text-anchor': 'middle', 'dominant-baseline': 'middle' }, number(data.value)));
  }
  tips(box);
  return { svg: drawing, note: all.length > drawn.length ? say('first-drawn', number(drawn.length), number(all.length)) : null };
}

export function treemap({ table, box, d3, settings }) {
  const all = parts(table);
  const drawn = all.slice(0, MOST);
  const groups = new Map();
  for (const part of drawn) {
    const key = part.group?.value ?? '';
    if (!groups.has(key)) groups.set(key, { cell: part.group, name: shown(part.group), children: [] });
    groups.get(key).children.push(part);
  }
  const nested = groups.size > 1 ? { children: [...groups.values()] } : { children: drawn };
  const { drawing, width, height } = canvas(box, Math.min(600, Math.max(340, box.clientWidth * 0.6)), say('drawing'));
  const mirrored = settings.direction === 'rtl';
  const root = d3.treemap().size([width, height]).paddingInner(2).paddingTop((node) => (node.depth === 1 && node.children ? 22 : 0)).round(true)(
    d3.hierarchy(nested).sum((part) => part.value ?? 0).sort((one, other) => other.value - one.value),
  );
  const at = new Map([...groups.keys()].map((key, place) => [key, place]));
  const flip = (node) => (mirrored ? width - node.x1 : node.x0);
  for (const node of root.children ?? []) {
    if (!node.children) continue;
    drawing.append(svg('text', { class: 'name strong', x: mirrored ? flip(node) + node.x1 - node.x0 - 2 : node.x0 + 2, y: node.y0 + 15, 'text-anchor': 'start' }, cut(node.data.name, node.x1 - node.x0 - 8)));
  }
  for (const node of root.leaves()) {
    const { cell, name, value, group } = node.data;
    const [w, h] = [node.x1 - node.x0, node.y1 - node.y0];
    const order = groups.size > 1 ? at.get(group?.value ?? '') : 0;
    drawing.append(svg('rect', { class: `ink soft ${colour(cell, order)}`, x: flip(node), y: node.y0, width: Math.max(0, w), height: Math.max(0, h), 'data-tip': `${group && groups.size > 1 ? `${shown(group)}\n` : ''}${name}: ${number(value)}` }));
    if (w < 34 || h < 18) continue;
    const text = cut(name, w - 10, 12);
    const x = mirrored ? flip(node) + w - 5 : node.x0 + 5;
    if (text.length >= Math.min(4, name.length)) drawing.append(svg('text', { class: 'name inside small', x, y: node.y0 + 14, 'text-anchor': 'start' }, text));
    if (h > 36) drawing.append(svg('text', { class: 'value inside', x, y: node.y0 + 30, 'text-anchor': 'start' }, number(value)));
  }
  tips(box);
  return { svg: drawing, note: all.length > drawn.length ? say('first-drawn', number(drawn.length), number(all.length)) : null };
}
