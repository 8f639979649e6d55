/* Which views fit a result, and drawing the one that was chosen; its code is loaded when it is first drawn. */

import { columnsOf, country } from './results.js';

const DRAWERS = {
  bar: () => import('./bars.js'),
  line: () => import('./lines.js'),
  area: () => import('./lines.js'),
  scatter: () => import('./scatter.js'),
  pie: () => import('./circles.js'),
  bubble: () => import('./circles.js'),
  treemap: () => import('./circles.js'),
  map: () => import('./world.js'),
  graph: () => import('./network.js'),
  tree: () => import('./lists.js'),
  timeline: () => import('./lists.js'),
  images: () => import('./lists.js'),
};

const has = (table, count, ...kinds) => columnsOf(table, ...kinds).length >= count;

const FITS = {
  table: () => true,
  bar: (table) => has(table, 1, 'number') && has(table, 1, 'thing', 'text', 'date'),
  line: (table) => has(table, 1, 'number') && (has(table, 1, 'date') || has(table, 2, 'number')),
  area: (table) => has(table, 1, 'number') && (has(table, 1, 'date') || has(table, 2, 'number')),
  pie: (table) => has(table, 1, 'number') && has(table, 1, 'thing', 'text'),
  scatter: (table) => has(table, 2, 'number'),
  bubble: (table) => has(table, 1, 'number') && has(table, 1, 'thing', 'text'),
  treemap: (table) => has(table, 1, 'number') && has(table, 1, 'thing', 'text'),
  map: (table) => has(table, 1, 'point') || places(table) !== null,
  graph: (table) => has(table, 2, 'thing'),
  tree: (table) => has(table, 1, 'thing', 'text'),
  timeline: (table) => has(table, 1, 'date'),
  images: (table) => has(table, 1, 'image'),
};

/** The column whose things are countries, or null. */
export function places(table) {
  const some = table.rows.slice(0, 200);
  return columnsOf(table, 'thing', 'text').find((column) => {
    const held = some.filter((row) => row[column.at]);
    return held.length > 0 && held.filter((row) => country(row[column.at])).length > held.length / 2;
  }) ?? null;
}

/** The views that this table can be drawn as. */
export function fitting(table) {
  if (!table.rows.length) return ['table'];
  return Object.keys(FITS).filter((view) => FITS[view](table));
}

const OPTIONS = /^\s*#\s*defaultView\s*:\s*[a-z]+\s*(\{.*\})\s*$/im;
const NAMED = /^\s*#\s*(?:defaultView\s*:|view:)\s*([a-z]+)/im;

/** The view that a query's own comment asks for, by this site's name, or null. */
export function askedView(text, names) {
  const found = NAMED.exec(text);
  return (found && names[found[1].toLowerCase()]) ?? null;
}

/** The options of `#defaultView:Map{"hide": ["?place"]}`; broken ones count as none. */
export function options(text) {
  try {
    const found = JSON.parse(OPTIONS.exec(text)?.[1] ?? '{}');
    return { hide: [found.hide ?? []].flat().map((name) => String(name).replace(/^\?/, '')) };
  } catch {
    return { hide: [] };
  }
}

/** Draws the table as `view` into `box`; answers what can be saved as a picture, or null. */
export async function draw(view, table, box, settings) {
  const [drawer, d3] = await Promise.all([DRAWERS[view](), import(settings.files.d3)]);
  box.replaceChildren();
  return drawer[view]({ table, box, d3, settings });
}
