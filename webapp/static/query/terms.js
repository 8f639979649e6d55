/* IRIs written short (`wd:Q5`), and the names of what they stand for, asked of the server once for each. */

let prefixes = [];
let settings = {};
const known = new Map();
const MOST_AT_ONCE = 2000;
const MOST_IDS = 20;

/** Takes the settings of the page. */
export function knowPrefixes(given) {
  settings = given;
  prefixes = Object.entries(given.prefixes).sort((one, other) => other[1].length - one[1].length);
}

/** The IRI with the prefix that the endpoint knows for it, or null. */
export function written(iri) {
  for (const [prefix, base] of prefixes) {
    if (!iri.startsWith(base)) continue;
    const local = iri.slice(base.length);
    return /^[\w-]+$/.test(local) ? `${prefix}:${local}` : null;
  }
  return null;
}

/** The whole IRI of a prefixed name, or null where the prefix is not known. */
export function expanded(name) {
  const at = name.indexOf(':');
  const base = settings.prefixes[name.slice(0, at)];
  return base ? base + name.slice(at + 1) : null;
}

/** Whether the term may have a name: an entity, a property or a term of the ontology. */
function nameable(term) {
  return /^(wd|wdt|p|ps|pq):[PQ]\d+$/.test(term) || term.startsWith('capx:');
}

/** Learns the names of these terms; those that cannot be asked for stay as they are written. */
export async function learn(terms) {
  const asked = [...new Set(terms)].filter((term) => term && nameable(term) && !known.has(term));
  for (let at = 0; at < asked.length; at += MOST_AT_ONCE) {
    const some = asked.slice(at, at + MOST_AT_ONCE);
    try {
      const answer = await fetch(settings.names, {
        method: 'POST', body: new URLSearchParams({ terms: some.join(' ') }), headers: { Accept: 'application/json' },
      });
      const names = answer.ok ? (await answer.json()).names : {};
      for (const term of some) known.set(term, names[term] ?? null);
    } catch {
      return;
    }
  }
}

/** What is known of a term: label, language, kind, code, root, url; or null. */
export function named(term) {
  return known.get(term) ?? null;
}

/** Where a term leads on this site: its page, or the address that its IRI answers at. */
export function address(iri, term) {
  const name = named(term);
  if (name?.url) return name.url;
  if (term?.startsWith('capx:')) return settings.ontology + term.slice('capx:'.length);
  if (iri.startsWith(settings.entity)) return settings.local + iri.slice(settings.entity.length);
  return /^https?:\/\//.test(iri) ? iri : null;
}

/** The ids of a query that mean something of this Wikibase, each once; not those whose prefix it declares itself. */
export function idsIn(query) {
  const declared = new Set([...query.matchAll(/\bprefix\s+(\w+)\s*:/gi)].map(([, prefix]) => prefix));
  const first = new Map();
  for (const [term, prefix, id] of query.matchAll(/(?<![\w:<#])(wd|wdt|p|ps|pq):([PQ][1-9][0-9]*)\b/g)) {
    if (!declared.has(prefix) && !first.has(id)) first.set(id, term);
  }
  return [...first.values()].slice(0, MOST_IDS);
}
