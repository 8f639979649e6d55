/* Lines and areas over time or over a number; a thing beside them makes one line for each. */

import { compare, moment, number, say, short } from './messages.js';
import { SERIES, canvas, legend, svg, tips } from './marks.js';
import { columnsOf, shown } from './results.js';

const MOST = 8;

/** `{ xs, series: [{ name, points: [[x, y]] }], dated }`, each ordered along x. */
function traced(table) {
  const numbers = columnsOf(table, 'number');
  const date = columnsOf(table, 'date')[0];
  const across = date ?? numbers[0];
  const [, up] = date ? [null, numbers[0]] : numbers;
  const [by] = columnsOf(table, 'thing', 'text').filter((column) => new Set(table.rows.map((row) => row[column.at]?.value)).size > 1);
  const measures = by ? [up] : numbers.filter((column) => column !== across).slice(0, MOST);
  const series = new Map();
  for (const row of table.rows) {
    const x = date ? row[across.at]?.date : row[across.at]?.number;
    if (x === undefined) continue;
    for (const measure of measures) {
      const y = row[measure.at]?.number;
      const key = by ? row[by.at]?.value ?? '' : measure.name;
      if (y === undefined) continue;
      if (!series.has(key)) series.set(key, { name: by ? shown(row[by.at]) || '–' : measure.name, points: [], sum: 0 });
      series.get(key).points.push([x, y]);
      series.get(key).sum += y;
    }
  }
  const kept = [...series.values()].sort((one, other) => other.sum - one.sum).slice(0, MOST);
  if (by) kept.sort((one, other) => compare(one.name, other.name));
  for (const one of kept) one.points.sort((first, second) => first[0] - second[0]);
  return { series: kept, dated: Boolean(date), total: series.size };
}

function trace({ table, box, d3, settings }, filled) {
  const data = traced(table);
  const several = data.series.length > 1;
  const mirrored = settings.direction === 'rtl';
  const { drawing, width, height } = canvas(box, Math.min(460, Math.max(260, box.clientWidth * 0.45)), say('drawing'));
  const head = several ? legend(drawing, data.series.map((one) => one.name), width, mirrored) + 6 : 14;
  const points = data.series.flatMap((one) => one.points);
  const xs = points.map((point) => point[0].valueOf());
  const ys = points.map((point) => point[1]);
  const domain = [Math.min(...xs), Math.max(...xs)];
  const x = (data.dated ? d3.scaleUtc(domain.map((value) => new Date(value)), [52, width - 36]) : d3.scaleLinear(domain, [52, width - 36]));
  const y = d3.scaleLinear([Math.min(0, ...ys), Math.max(...ys) || 1], [height - 34, head]).nice(5);
  for (const tick of y.ticks(5)) {
    drawing.append(
      svg('line', { class: tick === 0 ? 'axis' : 'grid', x1: 52, x2: width - 36, y1: y(tick), y2: y(tick) }),
      svg('text', { class: 'tick', x: 44, y: y(tick), 'text-anchor': 'end', 'dominant-baseline': 'middle', direction: 'ltr' }, short(tick)),
    );
  }
  const span = (domain[1] - domain[0]) / 86400000;
  const unit = span > 1500 ? 'year' : span > 90 ? 'month' : 'day';
  for (const tick of x.ticks(Math.max(2, Math.round(width / 130)))) {
    drawing.append(svg('text', { class: 'tick', x: x(tick), y: height - 12, 'text-anchor': 'middle' }, data.dated ? moment(tick, unit) : short(tick)));
  }
  const line = d3.line((point) => x(point[0]), (point) => y(point[1]));
  const below = d3.area((point) => x(point[0]), y(0), (point) => y(point[1]));
  data.series.forEach((one, at) => {
    const series = `series-${at % SERIES}`;
    if (filled) drawing.append(svg('path', { class: `area ${series}`, d: below(one.points) }));
    drawing.append(svg('path', { class: `line ${series}`, d: line(one.points) }));
    const radius = one.points.length > 60 ? 2 : 3.5;
    for (const [px, py] of one.points) {
      const tip = `${several ? `${one.name}\n` : ''}${data.dated ? moment(px) : number(px)}: ${number(py)}`;
      drawing.append(svg('circle', { class: `ink ${series}`, cx: x(px), cy: y(py), r: radius, 'data-tip': tip }));
    }
  });
  tips(box);
  return { svg: drawing, note: data.total > data.series.length ? say('first-drawn', number(data.series.length), number(data.total)) : null };
}

export const line = (drawing) => trace(drawing, false);
export const area = (drawing) => trace(drawing, true);
