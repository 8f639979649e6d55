/* SPARQL results as a table whose columns know what they hold; every view is drawn from it. */

import { moment, number } from './messages.js';
import { learn, named, written } from './terms.js';

const XSD = 'http://www.w3.org/2001/XMLSchema#';
const NUMBERS = new Set(['integer', 'decimal', 'double', 'float', 'int', 'long', 'short', 'byte', 'nonNegativeInteger', 'positiveInteger', 'unsignedInt', 'unsignedLong']);
const DATES = { dateTime: 'second', date: 'day', gYearMonth: 'month', gYear: 'year' };
const POINT = /^(?:<[^>]*>\s*)?point\s*\(\s*(-?[\d.]+)[\s,]+(-?[\d.]+)\s*\)$/i;
const IMAGE = /^https?:\/\/commons\.wikimedia\.org\/wiki\/Special:FilePath\/(.+)$/;
const CODE = /^[A-Z]{2,3}$/;
const DAY = /^[12]\d{3}-(?:0[1-9]|1[0-2])(-\d\d)?$/;
const YEAR = /^[12]\d{3}$/;
const YEARS = /(?:^|_)years?$|Years?$/;

/** What the text of a cell says when, as queries cut it out of dates: SUBSTR(STR(?at), 1, 7) or YEAR(?at); or null. */
function dated(value, name) {
  if (!value.datatype && !value['xml:lang']) {
    const found = DAY.exec(value.value);
    return found && { date: new Date(value.value), unit: found[1] ? 'day' : 'month' };
  }
  return YEARS.test(name) && YEAR.test(value.value) ? { date: new Date(`${value.value}-01-01`), unit: 'year' } : null;
}

/** A cell with what can be read from it; `text` is shown until names are known. */
function cellOf(value, name) {
  if (!value) return null;
  const cell = { ...value, text: value.value };
  if (value.type === 'uri') {
    cell.term = written(value.value);
    cell.text = cell.term ?? value.value;
    const image = IMAGE.exec(value.value);
    if (image) cell.image = decodeURIComponent(image[1]);
    return cell;
  }
  const type = value.datatype?.startsWith(XSD) ? value.datatype.slice(XSD.length) : null;
  const when = dated(value, name);
  if (when) return Object.assign(cell, when);
  if (NUMBERS.has(type) && Number.isFinite(Number(value.value))) {
    cell.number = Number(value.value);
  } else if (type in DATES) {
    const date = new Date(type === 'gYear' ? `${value.value}-01-01` : value.value);
    if (!Number.isNaN(date.getTime())) Object.assign(cell, { date, unit: DATES[type] });
  } else {
    const point = POINT.exec(value.value);
    if (point) cell.point = [Number(point[1]), Number(point[2])];
  }
  return cell;
}

/** What most cells of a column are. */
function kindOf(name, cells) {
  const held = cells.filter(Boolean);
  if (!held.length) return 'empty';
  if (/^(rgb|colou?r)$/i.test(name)) return 'colour';
  const most = (test) => held.filter(test).length > held.length / 2;
  if (most((cell) => 'number' in cell)) return 'number';
  if (most((cell) => 'date' in cell)) return 'date';
  if (most((cell) => 'point' in cell)) return 'point';
  if (most((cell) => 'image' in cell)) return 'image';
  if (most((cell) => cell.type === 'uri' || cell.type === 'bnode')) return 'thing';
  return 'text';
}

/** The table of an answer; `verdict` is that of an ASK. */
export function tableOf(answer) {
  if ('boolean' in answer) return { columns: [], rows: [], verdict: answer.boolean };
  const names = answer.head.vars;
  const rows = answer.results.bindings.map((binding) => names.map((name) => cellOf(binding[name], name)));
  const columns = names.map((name, at) => ({ name, at, kind: kindOf(name, rows.map((row) => row[at])) }));
  for (const column of columns) {
    // ?xLabel stands for ?x: one column with the name, that leads to the thing.
    const thing = columns.find((other) => column.name === `${other.name}Label` && other.kind === 'thing');
    if (!thing) continue;
    column.labels = thing;
    for (const row of rows) if (row[thing.at] && row[column.at]) row[thing.at].given = row[column.at];
  }
  return { columns, rows, verdict: null };
}

/** Asks for the names of all that the table shows. */
export async function nameThings(table) {
  await learn(table.rows.flat().filter((cell) => cell?.term && !cell.given).map((cell) => cell.term));
}

/** What a cell is called in a table or a chart. */
export function shown(cell) {
  if (!cell) return '';
  if (cell.given) return cell.given.text;
  if (cell.term) return named(cell.term)?.label ?? cell.text;
  if ('number' in cell) return number(cell.number);
  if ('date' in cell) return moment(cell.date, isMidnight(cell) ? 'day' : cell.unit);
  return cell.image ?? cell.text;
}

function isMidnight(cell) {
  return cell.unit === 'second' && /T00:00:00(\.0+)?(Z|[+-]00:00)?$/.test(cell.value);
}

/** The ISO code of the country that a cell stands for, or null. */
export function country(cell) {
  if (!cell) return null;
  const name = cell.term ? named(cell.term) : null;
  if (name) return name.kind === 'territory' && CODE.test(name.code ?? '') ? name.code : null;
  return cell.type === 'literal' && CODE.test(cell.value) ? cell.value : null;
}

/** The columns of these kinds, without those that only label another one. */
export function columnsOf(table, ...kinds) {
  return table.columns.filter((column) => kinds.includes(column.kind) && !column.labels);
}
