/* Views that are lists rather than drawings: a tree to open and close, events in their order, pictures. */

import { moment, number, say, compare } from './messages.js';
import { html } from './marks.js';
import { columnsOf, shown } from './results.js';
import { address, named } from './terms.js';

const MOST = 1000;
let branches = 0;

/** The name of a cell, as a link where it leads somewhere. */
export function nameOf(cell) {
  if (!cell) return document.createTextNode('–');
  const name = cell.term ? named(cell.term) : null;
  const text = html('bdi', { lang: cell.given?.['xml:lang'] ?? name?.language ?? cell['xml:lang'] ?? null });
  text.textContent = shown(cell);
  const mark = name?.root ? html('span', { class: `mark ${name.root}`, 'aria-hidden': 'true' }) : null;
  const url = cell.type === 'uri' ? address(cell.value, cell.term) : null;
  if (!url) return html('span', {}, mark, text);
  return html('a', { href: url, title: cell.term && name ? cell.term : null, class: /^https?:/.test(url) ? 'external' : 'plain-link' }, mark, text);
}

/** The remaining values of a row, in short. */
function rest(table, row, left) {
  const said = table.columns.filter((column) => !left.includes(column) && !column.labels && column.kind !== 'colour' && row[column.at]);
  return said.map((column) => {
    const value = html('span', { class: 'quiet' });
    if (said.length > 1) value.append(`${column.name} `);
    value.append(nameOf(row[column.at]));
    return value;
  });
}

export function tree({ table, box }) {
  const things = columnsOf(table, 'thing', 'text');
  const [child, parent] = things;
  const keys = new Set(table.rows.map((row) => row[child.at]?.value));
  const upwards = parent && table.rows.some((row) => row[parent.at]) && table.rows.every((row) => !row[parent.at] || keys.has(row[parent.at].value));
  const roots = upwards ? hung(table, child, parent) : nested(table, things);
  const list = html('ul', { class: 'result-tree' }, ...roots.map((root) => branch(root, roots.length < 15 ? 1 : 0)));
  box.append(list);
  return null;
}

/** A tree from rows of a thing and the one above it. */
function hung(table, child, parent) {
  const nodes = new Map();
  for (const row of table.rows) {
    if (row[child.at] && !nodes.has(row[child.at].value)) nodes.set(row[child.at].value, { cell: row[child.at], says: rest(table, row, [child, parent]), children: [], above: null });
  }
  const roots = [];
  for (const row of table.rows) {
    const node = nodes.get(row[child.at]?.value);
    const above = nodes.get(row[parent.at]?.value);
    if (!node || node.above) continue;
    if (above && above !== node && !under(above, node)) { node.above = above; above.children.push(node); }
  }
  for (const node of nodes.values()) if (!node.above) roots.push(node);
  return sorted(roots);
}

/** Whether a node lies beneath another, so that a circle in the data does no harm. */
function under(node, other) {
  for (let above = node.above; above; above = above.above) if (above === other) return true;
  return false;
}

/** A tree from rows whose columns are its levels. */
function nested(table, levels) {
  const roots = new Map();
  for (const row of table.rows.slice(0, MOST)) {
    let within = roots;
    const held = levels.filter((column) => row[column.at]);
    held.forEach((column, depth) => {
      const cell = row[column.at];
      if (!within.has(cell.value)) within.set(cell.value, { cell, says: depth === held.length - 1 ? rest(table, row, levels) : [], children: new Map() });
      within = within.get(cell.value).children;
    });
  }
  const listed = (map) => [...map.values()].map((node) => ({ ...node, children: listed(node.children) }));
  return sorted(listed(roots));
}

function sorted(nodes) {
  for (const node of nodes) sorted(node.children);
  return nodes.sort((one, other) => compare(shown(one.cell), shown(other.cell)));
}

function branch(node, open) {
  const name = html('span', { class: 'tree-name' }, nameOf(node.cell), ...node.says);
  if (!node.children.length) return html('li', { class: 'leaf' }, name);
  // A button beside the name, which may be a link: no link belongs inside what opens and closes.
  branches += 1;
  name.id = `branch-${branches}`;
  const more = html('button', { type: 'button', class: 'tree-more', 'aria-labelledby': name.id });
  const line = html('li', {}, more, name, html('span', { class: 'count' }, number(node.children.length)));
  const turn = (opened) => {
    more.setAttribute('aria-expanded', String(opened));
    if (opened && !line.querySelector('ul')) line.append(html('ul', {}, ...node.children.map((child) => branch(child, open - 1))));
    const list = line.querySelector('ul');
    if (list) list.hidden = !opened;
  };
  more.addEventListener('click', () => turn(more.getAttribute('aria-expanded') !== 'true'));
  turn(open > 0);
  return line;
}

export function timeline({ table, box }) {
  const [from, to] = columnsOf(table, 'date');
  const [thing] = columnsOf(table, 'thing', 'text');
  const rows = table.rows.filter((row) => row[from.at]).sort((one, other) => one[from.at].date - other[from.at].date).slice(0, MOST);
  const list = html('ol', { class: 'result-timeline' });
  let month = '';
  for (const row of rows) {
    const { date } = row[from.at];
    const here = moment(date, 'month');
    if (here !== month) { month = here; list.append(html('li', { class: 'timeline-month' }, month)); }
    const end = to && row[to.at] && to.name !== from.name ? row[to.at].date : null;
    const when = end && moment(end) !== moment(date) ? `${moment(date)} – ${moment(end)}` : moment(date);
    list.append(html('li', {}, html('time', { datetime: date.toISOString() }, when), html('span', { class: 'timeline-what' }, thing ? nameOf(row[thing.at]) : null, ...rest(table, row, [from, thing, to].filter(Boolean)))));
  }
  box.append(list);
  return null;
}

export function images({ table, box, settings }) {
  const [picture] = columnsOf(table, 'image');
  const [thing] = columnsOf(table, 'thing', 'text');
  const rows = table.rows.filter((row) => row[picture.at]?.image).slice(0, MOST);
  if (!settings.pictures) {
    const button = html('button', { type: 'button', class: 'cdx-button', 'data-pictures': 'commons' });
    button.textContent = say('pictures-show');
    box.append(html('p', { class: 'pictures-ask' }, button));
  }
  const grid = html('ul', { class: 'result-images' });
  for (const row of rows) {
    const cell = row[picture.at];
    const page = `https://commons.wikimedia.org/wiki/File:${encodeURIComponent(cell.image.replace(/ /g, '_'))}`;
    const frame = html('a', { class: 'picture', href: page, rel: 'noopener' });
    if (settings.pictures) frame.append(html('img', { src: `${cell.value.replace(/^http:/, 'https:')}?width=300`, alt: cell.image, loading: 'lazy', referrerpolicy: 'no-referrer' }));
    else frame.append(html('span', { class: 'picture-name' }, cell.image));
    grid.append(html('li', {}, frame, html('p', {}, thing ? nameOf(row[thing.at]) : null, ...rest(table, row, [picture, thing].filter(Boolean)))));
  }
  box.append(grid);
  return null;
}
