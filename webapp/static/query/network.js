/* Things and the lines between them: each row joins its first two things. The layout is settled before it is shown. */

import { number, say } from './messages.js';
import { canvas, colour, cut, linked, svg, tips } from './marks.js';
import { columnsOf, shown } from './results.js';
import { named } from './terms.js';
import { zoomable } from './world.js';

const MOST = 250;
const ROUNDS = 320;
const KINDS = ['person', 'organization', 'capacity', 'territory', 'language', 'event', 'project', 'wikimedia_project'];

/** Nodes and links; the remaining columns of a row say what the line is. */
function joined(table) {
  const things = columnsOf(table, 'thing');
  const varied = things.filter((column) => new Set(table.rows.map((row) => row[column.at]?.value)).size > 1);
  const [first, second] = varied.length > 1 ? ordered(things, varied) : things;
  const rest = table.columns.filter((column) => column !== first && column !== second && !column.labels);
  const nodes = new Map();
  const links = new Map();
  let left = 0;
  const node = (cell, column) => {
    if (!nodes.has(cell.value)) nodes.set(cell.value, { id: cell.value, cell, name: shown(cell), side: column, degree: 0 });
    return nodes.get(cell.value);
  };
  for (const row of table.rows) {
    const [one, other] = [row[first.at], row[second.at]];
    if (!one || !other || one.value === other.value) continue;
    if (nodes.size >= MOST && !(nodes.has(one.value) && nodes.has(other.value))) { left += 1; continue; }
    const [source, target] = [node(one, 0), node(other, 1)];
    const id = `${source.id} ${target.id}`;
    if (!links.has(id)) {
      links.set(id, { source, target, says: [], weight: 0 });
      source.degree += 1;
      target.degree += 1;
    }
    const link = links.get(id);
    const says = rest.filter((column) => row[column.at]).map((column) => `${column.name}: ${shown(row[column.at])}`).join(', ');
    if (says) link.says.push(says);
    const measure = rest.find((column) => column.kind === 'number');
    link.weight += measure ? row[measure.at]?.number ?? 1 : 1;
  }
  return { nodes: [...nodes.values()], links: [...links.values()], left };
}

/** The two columns that lines join: the first two things, unless the first is always the same and more follow. */
function ordered(things, varied) {
  return things[0] === varied[0] || things.length === varied.length ? varied : [things[0], varied[0]];
}

export function graph({ table, box, d3 }) {
  const { nodes, links, left } = joined(table);
  const { drawing, width, height } = canvas(box, Math.max(360, Math.min(680, box.clientWidth * 0.62)), say('drawing'));
  drawing.setAttribute('role', 'group'); // of an image, those who do not see it could not follow the links
  drawing.classList.add('network');
  const heaviest = Math.max(1, ...links.map((link) => link.weight));
  const radius = (node) => 5 + Math.sqrt(node.degree) * 2.2;
  const layout = d3.forceSimulation(nodes)
    .force('link', d3.forceLink(links).distance(110).strength(0.25))
    .force('charge', d3.forceManyBody().strength(-520))
    .force('collide', d3.forceCollide((node) => radius(node) + 16))
    .force('x', d3.forceX(width / 2).strength(0.05))
    .force('y', d3.forceY(height / 2).strength(0.12))
    .stop();
  layout.tick(ROUNDS);
  fit(nodes, width, height);
  const layer = svg('g');
  const lines = links.map((link) => svg('line', { class: 'edge', 'stroke-width': 1 + (3 * link.weight) / heaviest, 'data-tip': [`${link.source.name} → ${link.target.name}`, ...link.says.slice(0, 6)].join('\n') }));
  const dots = nodes.map((node) => {
    const kind = KINDS.indexOf(named(node.cell.term)?.kind);
    const dot = svg('circle', { class: `ink ${colour(node.cell, kind < 0 ? node.side : kind)}`, r: radius(node), 'data-tip': `${node.name} (${number(node.degree)})` });
    const label = svg('text', { class: 'name small halo', dy: radius(node) + 12, 'text-anchor': 'middle' }, cut(node.name, 120, 12));
    return svg('g', { class: 'node' }, linked(dot, { url: named(node.cell.term)?.url, name: node.name }), label);
  });
  const place = () => {
    links.forEach((link, at) => {
      for (const [key, value] of Object.entries({ x1: link.source.x, y1: link.source.y, x2: link.target.x, y2: link.target.y })) lines[at].setAttribute(key, value);
    });
    nodes.forEach((node, at) => dots[at].setAttribute('transform', `translate(${node.x} ${node.y})`));
  };
  place();
  layer.append(...lines, ...dots);
  drawing.append(layer);
  zoomable(d3, { drawing, layer, box, width, height });
  d3.select(drawing).selectAll('.node').data(nodes).call(d3.drag().on('drag', (event, node) => {
    node.x = event.x;
    node.y = event.y;
    place();
  }));
  tips(box);
  return { svg: drawing, note: left ? say('first-drawn', number(links.length), number(links.length + left)) : null };
}

/** Moves and shrinks the layout so that it fills the drawing and nothing is cut. */
function fit(nodes, width, height) {
  if (!nodes.length) return;
  const [xs, ys] = [nodes.map((node) => node.x), nodes.map((node) => node.y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min((width - 130) / (right - left || 1), (height - 70) / (bottom - top || 1), 2.2);
  for (const node of nodes) {
    node.x = width / 2 + (node.x - (left + right) / 2) * scale;
    node.y = height / 2 - 6 + (node.y - (top + bottom) / 2) * scale;
  }
}
