/* The table of a result: names that lead somewhere, numbers and days as the language writes them, sorted by a click. */

import { compare, number, say } from './messages.js';
import { html } from './marks.js';
import { nameOf } from './lists.js';
import { shown } from './results.js';

const PAGE = 100;

function order(one, other) {
  if (!one || !other) return one ? -1 : other ? 1 : 0;
  if ('number' in one && 'number' in other) return one.number - other.number;
  if ('date' in one && 'date' in other) return one.date - other.date;
  return compare(shown(one), shown(other));
}

function cellElement(cell, column) {
  const place = html('td', { class: column.kind === 'number' ? 'numeric' : null });
  if (!cell) return place;
  if (column.kind === 'colour' && /^#?[0-9a-f]{6}$/i.test(cell.value)) {
    const swatch = html('span', { class: 'swatch' });
    swatch.style.background = `#${cell.value.replace('#', '')}`;
    place.append(swatch, cell.value);
  } else place.append(nameOf(cell));
  return place;
}

/** Draws the table into `box`; `hidden` are columns that the query asks to leave out. */
export function drawTable(table, box, { hide = [], first = PAGE } = {}) {
  // A label goes into the column of its thing; it stays where the thing itself is hidden.
  const columns = table.columns.filter((column) => !hide.includes(column.name) && (!column.labels || hide.includes(column.labels.name)));
  const body = html('tbody');
  const heads = columns.map((column) => html('th', { scope: 'col', class: column.kind === 'number' ? 'numeric' : null, 'aria-sort': 'none' }, html('button', { type: 'button', title: say('sort-by', column.name) }, column.name)));
  const grid = html('table', { class: 'plain-table result-grid' }, html('caption', { class: 'visually-hidden' }, say('answer')), html('thead', {}, html('tr', {}, ...heads)), body);
  const more = html('button', { type: 'button', class: 'cdx-button' });
  let rows = table.rows;
  let drawn = 0;

  function append() {
    const next = rows.slice(drawn, drawn + (drawn ? PAGE : first));
    body.append(...next.map((row) => html('tr', {}, ...columns.map((column) => cellElement(row[column.at], column)))));
    drawn += next.length;
    more.hidden = drawn >= rows.length;
    more.textContent = say('show-more', number(Math.min(PAGE, rows.length - drawn)));
  }

  heads.forEach((head, at) => head.firstElementChild.addEventListener('click', () => {
    const sort = head.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
    for (const other of heads) other.setAttribute('aria-sort', other === head ? sort : 'none');
    const column = columns[at];
    rows = [...table.rows].sort((one, other) => {
      const [first, second] = [one[column.at], other[column.at]];
      if (!first || !second) return order(first, second);
      return sort === 'ascending' ? order(first, second) : -order(first, second);
    });
    body.replaceChildren();
    drawn = 0;
    append();
  }));
  more.addEventListener('click', append);
  append();
  box.replaceChildren(grid, html('p', { class: 'more-rows' }, more));
}
