/* Where the cursor stands in a query: what was typed there, and whether a class, a property or a value belongs there. */

const KEYWORDS = new Set(('select distinct reduced construct describe ask where from named prefix base order by asc desc group having limit offset values undef '
  + 'optional filter union minus graph service silent bind as exists not in separator true false a').split(' '));
const TOKEN = /#[^\n]*|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>|[?$][\p{L}\p{N}_]+|@[a-zA-Z-]+|\^\^|&&|\|\||[!<>=]=|[\p{L}_][\p{L}\p{M}\p{N}_.-]*:[\p{L}\p{M}\p{N}_.%-]*|:[\p{L}\p{N}_.-]*|[\p{L}\p{N}_][\p{L}\p{M}\p{N}_'’.-]*|[^\s]/gu;
const WORDS = /(?<![?$\w:<@/#])(?:[A-Za-z][\w-]*:[\p{L}\p{M}\p{N}_'’.-]*|\p{L}[\p{L}\p{M}\p{N}_'’-]*)$/u;
const LONGEST_NAME = 4;

/** The words before the cursor that may be a name being typed, the longest first: `[{ from, text }]`. */
export function typed(line, start) {
  const found = [];
  let rest = line;
  for (let count = 0; count < LONGEST_NAME; count += 1) {
    const word = WORDS.exec(rest);
    if (!word || (count > 0 && (word[0].includes(':') || KEYWORDS.has(word[0].toLowerCase())))) break;
    found.unshift({ from: start + word.index, text: line.slice(word.index) });
    if (word[0].includes(':') || KEYWORDS.has(word[0].toLowerCase())) break;
    const before = rest.slice(0, word.index);
    if (!/[^\s] $/.test(before)) break;
    rest = before.slice(0, -1);
  }
  return found;
}

/** The tokens of a query without its comments; texts and IRIs count as one each. */
function tokens(text) {
  return [...text.matchAll(TOKEN)].map((match) => match[0]).filter((token) => !token.startsWith('#'));
}

/** What belongs at the end of `before`: class, property, value or any. */
export function wanted(before) {
  const depth = [];
  let braces = 0;
  let place = 'any';
  let last = '';
  for (const token of tokens(before)) {
    const lower = token.toLowerCase();
    if (token === '{') braces += 1;
    if (token === '}') braces -= 1;
    if (token === '(') depth.push(place);
    // After FILTER(...) or BIND(...) in a group, the next triple begins.
    else if (token === ')' && depth.length) { place = depth.pop(); if (place === 'any' && braces > 0) place = 'subject'; }
    else if (depth.length) { /* inside an expression: nothing moves */ }
    else if (token === '{' || token === '}' || token === '.') place = 'subject';
    else if (token === ';') place = 'predicate';
    else if (token === ',') place = 'object';
    else if (token === '[') place = 'predicate';
    else if (token === ']') place = 'predicate';
    else if (KEYWORDS.has(lower) && lower !== 'a') place = ['where', 'optional', 'minus', 'union'].includes(lower) ? 'subject' : 'any';
    else if (place === 'subject') place = 'predicate';
    else if (place === 'predicate' && !'^!'.includes(token)) place = 'object';
    else if (place === 'object' && '/|'.includes(token)) place = 'predicate';
    else if (place === 'object' && !'*+?'.includes(token)) place = 'done';
    last = token;
  }
  if (depth.length) return 'any';
  if (place === 'predicate') return 'property';
  if (place === 'object' || place === 'done') return last === 'a' || last === 'rdf:type' ? 'class' : 'value';
  return place === 'subject' ? 'value' : 'any';
}

/** The names of all variables of a query. */
export function variables(text) {
  return [...new Set(tokens(text).filter((token) => /^[?$]./.test(token)).map((token) => `?${token.slice(1)}`))];
}

/** The prefixes that a query declares itself. */
export function declared(text) {
  return Object.fromEntries([...text.matchAll(/^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>/gim)].map((match) => [match[1], match[2]]));
}

export const OFFERED_KEYWORDS = ['SELECT', 'DISTINCT', 'WHERE', 'OPTIONAL', 'FILTER', 'FILTER NOT EXISTS', 'UNION', 'MINUS', 'BIND', 'VALUES', 'SERVICE', 'GROUP BY', 'ORDER BY', 'DESC', 'HAVING', 'LIMIT', 'OFFSET', 'COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'SAMPLE', 'GROUP_CONCAT', 'LANG', 'LANGMATCHES', 'STRSTARTS', 'CONTAINS', 'REGEX', 'LCASE', 'STR', 'YEAR', 'MONTH', 'NOW', 'COALESCE', 'IF', 'BOUND', 'CONSTRUCT', 'DESCRIBE', 'ASK', 'PREFIX'];
