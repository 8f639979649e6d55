/* What all charts are made of: SVG elements, colours, labels that fit, a legend, and what a pointer is told. */

import { named } from './terms.js';

const SVG = 'http://www.w3.org/2000/svg';
export const SERIES = 8;

/** An SVG element with attributes and children; a text is its content. */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** An HTML element with attributes and children. */
export function html(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** The drawing of a chart, as wide as its box. */
export function canvas(box, height, label) {
  const width = Math.max(280, Math.round(box.clientWidth));
  const drawing = svg('svg', { class: 'chart', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label });
  box.append(drawing);
  return { drawing, width, height };
}

/** A colour as a class: that of the thing's root capacity where it has one, else that of its series. */
export function colour(cell, at) {
  const root = cell?.term ? named(cell.term)?.root : null;
  return root ? `own-colour ${root}` : `series-${at % SERIES}`;
}

/** Whether the things of a column bring colours of their own. */
export function coloured(cells) {
  return cells.some((cell) => cell?.term && named(cell.term)?.root);
}

const ruler = document.createElement('canvas').getContext('2d');

/** The width of a text in pixels. */
export function textWidth(text, size = 13) {
  ruler.font = `${size}px system-ui, sans-serif`;
  return ruler.measureText(text).width;
}

/** The text, cut with an ellipsis to fit. */
export function cut(text, room, size = 13) {
  if (textWidth(text, size) <= room) return text;
  let end = text.length;
  while (end > 1 && textWidth(`${text.slice(0, end)}…`, size) > room) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
}

/** A legend above a chart: a square and a name for each series; answers how high it is. */
export function legend(drawing, names, width, mirrored) {
  let [x, y] = [0, 8];
  const group = svg('g', { class: 'legend' });
  names.forEach((name, at) => {
    const text = cut(name, Math.min(220, width - 24));
    const step = textWidth(text) + 34;
    if (x + step > width && x > 0) { x = 0; y += 22; }
    const place = (offset) => (mirrored ? width - x - offset : x + offset);
    group.append(
      svg('rect', { class: `ink series-${at % SERIES}`, x: mirrored ? place(12) : place(0), y: y - 6, width: 12, height: 12, rx: 2 }),
      svg('text', { x: place(18), y: y + 4, 'text-anchor': 'start' }, text),
    );
    x += step;
  });
  drawing.append(group);
  return y + 22;
}

let bubble = null;

/** Shows `data-tip` of what the pointer is on, beside the pointer. */
export function tips(box) {
  bubble ??= document.body.appendChild(html('div', { class: 'chart-tip', hidden: true }));
  const hide = () => { bubble.hidden = true; };
  box.addEventListener('pointermove', (event) => {
    const mark = event.target.closest('[data-tip]');
    if (!mark) { hide(); return; }
    bubble.textContent = mark.dataset.tip;
    bubble.hidden = false;
    const room = document.documentElement.clientWidth - bubble.offsetWidth - 8;
    bubble.style.left = `${Math.max(8, Math.min(event.clientX + 14, room))}px`;
    bubble.style.top = `${event.clientY + 18 + bubble.offsetHeight > window.innerHeight ? event.clientY - bubble.offsetHeight - 10 : event.clientY + 18}px`;
  });
  box.addEventListener('pointerleave', hide);
}

/** A link around a mark where its thing has a page; `name` is what it is called, for those who do not see the mark. */
export function linked(mark, { url, name }) {
  return url ? svg('a', { href: url, 'aria-label': name }, mark) : mark;
}
