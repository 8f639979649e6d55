/* Points by two numbers, a third one as their size; names stand beside them where there is room. */

import { number, say, short } from './messages.js';
import { canvas, colour, cut, svg, textWidth, tips } from './marks.js';
import { columnsOf, shown } from './results.js';

export function scatter({ table, box, d3, settings }) {
  const [across, up, sized] = columnsOf(table, 'number');
  const [name] = columnsOf(table, 'thing', 'text');
  const mirrored = settings.direction === 'rtl';
  const rows = table.rows.filter((row) => row[across.at] && row[up.at]);
  const { drawing, width, height } = canvas(box, Math.min(520, Math.max(300, box.clientWidth * 0.6)), `${across.name}, ${up.name}`);
  const [left, right, top, bottom] = [56, width - 20, 30, height - 44];
  const value = (row, column) => row[column.at]?.number ?? 0;
  const scale = (column, range) => d3.scaleLinear([Math.min(0, ...rows.map((row) => value(row, column))), Math.max(...rows.map((row) => value(row, column))) || 1], range).nice(5);
  const x = scale(across, [left, right]);
  const y = scale(up, [bottom, top]);
  const size = sized ? d3.scaleSqrt([0, Math.max(...rows.map((row) => value(row, sized))) || 1], [2, 16]) : () => 5;
  for (const tick of y.ticks(5)) {
    drawing.append(
      svg('line', { class: tick === 0 ? 'axis' : 'grid', x1: left, x2: right, y1: y(tick), y2: y(tick) }),
      svg('text', { class: 'tick', x: left - 8, y: y(tick), 'text-anchor': 'end', 'dominant-baseline': 'middle', direction: 'ltr' }, short(tick)),
    );
  }
  for (const tick of x.ticks(Math.max(2, Math.round(width / 110)))) {
    drawing.append(
      svg('line', { class: tick === 0 ? 'axis' : 'grid', x1: x(tick), x2: x(tick), y1: top, y2: bottom }),
      svg('text', { class: 'tick', x: x(tick), y: bottom + 18, 'text-anchor': 'middle' }, short(tick)),
    );
  }
  drawing.append(
    svg('text', { class: 'axis-name', x: right, y: height - 6, 'text-anchor': mirrored ? 'start' : 'end' }, across.name),
    svg('text', { class: 'axis-name', x: left, y: 14, 'text-anchor': mirrored ? 'end' : 'start' }, up.name),
  );
  const taken = rows.map((row) => ({ x: x(value(row, across)) - 7, y: y(value(row, up)) - 7, w: 14, h: 14 }));
  const free = (one) => taken.every((other) => one.x > other.x + other.w || other.x > one.x + one.w || one.y > other.y + other.h || other.y > one.y + one.h);
  const far = (row) => x(value(row, across)) - left + bottom - y(value(row, up));
  for (const row of [...rows].sort((one, other) => far(other) - far(one))) {
    const [px, py] = [x(value(row, across)), y(value(row, up))];
    const text = name ? shown(row[name.at]) : '';
    const tip = `${text ? `${text}\n` : ''}${across.name}: ${number(value(row, across))}\n${up.name}: ${number(value(row, up))}`;
    drawing.append(svg('circle', { class: `ink dot ${colour(name ? row[name.at] : null, 0)}`, cx: px, cy: py, r: size(value(row, sized ?? across)), 'data-tip': tip }));
    const label = cut(text, 130, 12);
    const place = { x: px + 8, y: py - 7, w: textWidth(label, 12) + 4, h: 14 };
    if (!label || place.x + place.w > width || !free(place)) continue;
    taken.push(place);
    drawing.append(svg('text', { class: 'name small', x: place.x, y: py, 'text-anchor': mirrored ? 'end' : 'start', 'dominant-baseline': 'middle' }, label));
  }
  tips(box);
  return { svg: drawing, note: null };
}
