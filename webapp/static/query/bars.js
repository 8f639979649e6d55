/* Bars: one for each thing, or a group of them where there are several numbers or a second thing to tell apart. */

import { number, say, short } from './messages.js';
import { colour, coloured, cut, canvas, legend, svg, textWidth, tips } from './marks.js';
import { columnsOf, shown } from './results.js';

const MOST = 60;
const THICK = 22;

/** Categories and series of a table: `{ names, cells, series: [{ name, values }], total }`. */
export function grouped(table, most = MOST) {
  const [category, second] = columnsOf(table, 'thing', 'text', 'date');
  const numbers = columnsOf(table, 'number');
  const constant = second && new Set(table.rows.map((row) => row[second.at]?.value)).size < 2;
  const repeats = new Set(table.rows.map((row) => row[category.at]?.value)).size < table.rows.length;
  const keys = new Map();
  for (const row of table.rows) if (!keys.has(row[category.at]?.value)) keys.set(row[category.at]?.value, row[category.at]);
  const kept = [...keys].slice(0, most);
  const place = new Map(kept.map(([key], at) => [key, at]));
  const series = new Map();
  const put = (key, name, at, value) => {
    if (!series.has(key)) series.set(key, { name, values: Array(kept.length).fill(0) });
    series.get(key).values[at] += value;
  };
  for (const row of table.rows) {
    const at = place.get(row[category.at]?.value);
    if (at === undefined) continue;
    if (second && repeats && !constant) put(row[second.at]?.value, shown(row[second.at]), at, row[numbers[0].at]?.number ?? 0);
    else for (const column of numbers.slice(0, 4)) put(column.name, column.name, at, row[column.at]?.number ?? 0);
  }
  return { names: kept.map(([, cell]) => shown(cell)), cells: kept.map(([, cell]) => cell), series: [...series.values()].slice(0, 8), total: keys.size, category };
}

export function bar({ table, box, d3, settings }) {
  const data = grouped(table);
  const mirrored = settings.direction === 'rtl';
  const several = data.series.length > 1;
  const stacked = data.series.length > 4 || (several && data.names.length > 30);
  const thick = several && !stacked ? Math.max(8, THICK - 3 * data.series.length) : THICK - 6;
  const step = (several && !stacked ? thick * data.series.length : thick) + 9;
  const top = several ? 30 + 22 * Math.floor(data.series.length / 5) : 4;
  const { drawing, width } = canvas(box, top + step * data.names.length + 34, say('drawing'));
  const head = several ? legend(drawing, data.series.map((one) => one.name), width, mirrored) : 4;
  const room = Math.min(width * 0.38, Math.max(...data.names.map((name) => textWidth(name))) + 12);
  const sums = data.names.map((_, at) => data.series.map((one) => one.values[at]));
  const largest = Math.max(0, ...sums.map((values) => (stacked ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values))));
  const least = Math.min(0, ...sums.flat());
  const from = mirrored ? width - room : room;
  const scale = d3.scaleLinear([least, largest || 1], mirrored ? [from, 46] : [from, width - 46]).nice(5);
  const bottom = head + step * data.names.length;
  for (const tick of scale.ticks(Math.max(2, Math.round(width / 110)))) {
    drawing.append(
      svg('line', { class: tick === 0 ? 'axis' : 'grid', x1: scale(tick), x2: scale(tick), y1: head, y2: bottom }),
      svg('text', { class: 'tick', x: scale(tick), y: bottom + 18, 'text-anchor': 'middle' }, short(tick)),
    );
  }
  const own = !several && coloured(data.cells);
  data.names.forEach((name, at) => {
    const y = head + step * at;
    drawing.append(svg('text', { class: 'name', x: mirrored ? from + 8 : from - 8, y: y + step / 2, 'text-anchor': 'end', 'dominant-baseline': 'middle', 'data-tip': name }, cut(name, room - 10)));
    let reached = 0;
    data.series.forEach((one, order) => {
      const value = one.values[at];
      const start = stacked ? reached : 0;
      reached += value;
      const [x1, x2] = [scale(start), scale(start + value)];
      const top = stacked || !several ? y + (step - thick) / 2 : y + 4 + thick * order;
      const tip = several ? `${name}\n${one.name}: ${number(value)}` : `${name}: ${number(value)}`;
      drawing.append(svg('rect', { class: `ink ${own ? colour(data.cells[at], 0) : `series-${order % 8}`}`, x: Math.min(x1, x2), y: top, width: Math.max(value ? 1 : 0, Math.abs(x2 - x1)), height: thick, 'data-tip': tip }));
      if (!stacked && value) drawing.append(svg('text', { class: 'value', x: mirrored ? x2 - 5 : x2 + 5, y: top + thick / 2, 'dominant-baseline': 'middle' }, short(value)));
    });
  });
  tips(box);
  return { svg: drawing, note: data.total > data.names.length ? say('first-drawn', number(data.names.length), number(data.total)) : null };
}
