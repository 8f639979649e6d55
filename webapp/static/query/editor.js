/* The editor: CodeMirror with SPARQL, completion by name, names on hover, errors at their line. */

import { OFFERED_KEYWORDS, declared, typed, variables, wanted } from './context.js';
import { say } from './messages.js';
import { address, expanded, written } from './terms.js';

const KINDS = { class: 'class', property: 'property', value: 'constant', item: 'variable' };

/** Puts an editor in the place of the textarea; answers it. */
export async function editor(textarea, { settings, run }) {
  const cm = await import(settings.files.codemirror);
  const view = new cm.EditorView({
    doc: textarea.value,
    parent: textarea.parentElement,
    extensions: [
      cm.EditorView.cspNonce.of(settings.nonce),
      cm.keymap.of([{ key: 'Mod-Enter', preventDefault: true, run: () => { run(); return true; } }]),
      cm.lineNumbers(), cm.highlightActiveLine(), cm.highlightActiveLineGutter(), cm.drawSelection(), cm.history(),
      cm.bracketMatching(), cm.closeBrackets(), cm.indentUnit.of('  '), cm.lintGutter(),
      cm.keymap.of([...cm.closeBracketsKeymap, ...cm.defaultKeymap, ...cm.historyKeymap]),
      language(cm), cm.syntaxHighlighting(highlighting(cm)), look(cm),
      cm.EditorView.lineWrapping,
      cm.EditorView.contentAttributes.of({ 'aria-label': textarea.labels[0]?.textContent.trim() ?? 'SPARQL', dir: 'ltr', tabindex: '0', spellcheck: 'false', autocapitalize: 'off', translate: 'no' }),
      cm.autocompletion({ override: [(context) => complete(context, cm, settings)], icons: false, maxRenderedOptions: 60, activateOnTypingDelay: 120, optionClass: () => 'query-option', addToOptions: [{ render: writtenAs, position: 80 }] }),
      cm.hoverTooltip((at, position) => hover(at, position, settings), { hoverTime: 350 }),
      cm.linter((at) => unfinished(at, cm), { delay: 1200 }),
      cm.EditorView.updateListener.of((update) => { if (update.docChanged) textarea.value = update.state.doc.toString(); }),
    ],
  });
  textarea.hidden = true;
  return {
    view,
    text: () => view.state.doc.toString(),
    write(text) { view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } }); },
    mark(error) { view.dispatch(cm.setDiagnostics(view.state, error?.line ? [diagnostic(view.state.doc, error)] : [])); },
    complete() { cm.startCompletion(view); },
  };
}

function diagnostic(doc, { line, column, message }) {
  const at = doc.line(Math.min(Math.max(1, line), doc.lines));
  const from = Math.min(at.to, at.from + Math.max(0, (column ?? 1) - 1));
  const word = /^[^\s]+/.exec(doc.sliceString(from, at.to));
  return { from, to: word ? from + word[0].length : at.to, severity: 'error', message };
}

/** The first place that the grammar cannot read, after a pause in typing; what counts is the endpoint's answer. */
function unfinished(view, cm) {
  const text = view.state.doc;
  if (text.length > 20_000 || !text.toString().trim()) return [];
  let found = null;
  cm.syntaxTree(view.state).iterate({ enter: (node) => {
    if (found) return false;
    if (node.type.isError) found = { from: Math.max(0, node.from === node.to ? node.from - 1 : node.from), to: Math.max(node.to, node.from), severity: 'warning', message: say('incomplete') };
    return true;
  } });
  return found ? [found] : [];
}

async function complete(context, cm, settings) {
  const inside = cm.syntaxTree(context.state).resolveInner(context.pos, -1).name;
  if (['Comment', 'String', 'IriRef'].includes(inside)) return null;
  const line = context.state.doc.lineAt(context.pos);
  const before = context.state.sliceDoc(line.from, context.pos);
  const variable = /[?$][\p{L}\p{N}_]*$/u.exec(before);
  if (variable) return ofVariables(context, variable[0]);
  const prefix = /^\s*PREFIX\s+([\w-]*)$/i.exec(before);
  if (prefix) return ofPrefixes(context, prefix[1], settings);
  const names = typed(before, line.from);
  if (!names.length && !context.explicit) return null;
  const asked = names.length ? names : [{ from: context.pos, text: '' }];
  const own = declared(context.state.doc.toString());
  const stop = new AbortController();
  context.addEventListener('abort', () => stop.abort());
  for (const { from, text } of asked) {
    const kind = wanted(context.state.sliceDoc(0, from));
    const found = await ask(settings, text, kind, stop.signal);
    const options = [...found.map((one) => option(one, own, settings)), ...(asked.at(-1).text === text ? keywords(text) : [])];
    if (options.length) return { from, options, filter: false };
  }
  return null;
}

async function ask(settings, text, kind, signal) {
  const query = new URL(settings.complete, window.location);
  query.searchParams.set('q', text);
  query.searchParams.set('kind', kind);
  try {
    const answer = await fetch(query, { signal });
    return answer.ok ? (await answer.json()).completions : [];
  } catch {
    return [];
  }
}

/** A completion as CodeMirror shows it: the name, how it is written, what it means. */
function option(one, own, settings) {
  const prefix = one.written.split(':')[0];
  // Where the query gives the prefix another meaning, only the whole IRI says what is meant.
  const clash = prefix in own && own[prefix] !== settings.prefixes[prefix];
  return {
    label: one.written,
    displayLabel: one.label,
    apply: clash ? `<${expanded(one.written)}>` : one.written,
    type: KINDS[one.kind],
    written: one.written,
    matched: one.matched,
    info: one.detail && one.kind !== 'item' ? one.detail : undefined,
  };
}

function writtenAs(completion) {
  if (!completion.written) return null;
  return Object.assign(document.createElement('code'), { className: 'query-written', textContent: completion.written });
}

function keywords(text) {
  if (!text || text.includes(':')) return [];
  return OFFERED_KEYWORDS.filter((word) => word.toLowerCase().startsWith(text.toLowerCase()) && word.length > text.length)
    .slice(0, 6).map((word) => ({ label: word, displayLabel: word, type: 'keyword', boost: -10 }));
}

function ofVariables(context, text) {
  const others = variables(context.state.doc.toString()).filter((name) => name !== `?${text.slice(1)}`);
  return others.length ? { from: context.pos - text.length, options: others.map((name) => ({ label: name, type: 'variable' })), validFor: /^[?$][\p{L}\p{N}_]*$/u } : null;
}

function ofPrefixes(context, text, settings) {
  const options = Object.entries(settings.prefixes).map(([name, base]) => ({ label: name, displayLabel: `${name}:`, detail: base, apply: `${name}: <${base}>` }));
  return { from: context.pos - text.length, options, validFor: /^[\w-]*$/ };
}

const meanings = new Map();

async function hover(view, position, settings) {
  const line = view.state.doc.lineAt(position);
  const at = position - line.from;
  for (const match of line.text.matchAll(/<([^<>"{}|^`\\\s]+)>|(?<![?$\w:])([A-Za-z][\w-]*:[\w-]+)/g)) {
    if (match.index > at || match.index + match[0].length < at) continue;
    const own = declared(view.state.doc.toString());
    const [prefix, local] = match[2]?.split(':') ?? [];
    const iri = match[1] ?? (prefix in own ? own[prefix] + local : expanded(match[2]));
    const term = iri && written(iri);
    const found = term && await meaning(settings, term);
    if (!found) return null;
    return { pos: line.from + match.index, end: line.from + match.index + match[0].length, above: true, create: () => ({ dom: card(found, iri, term) }) };
  }
  return null;
}

async function meaning(settings, term) {
  if (!meanings.has(term)) {
    const query = new URL(settings.meaning, window.location);
    query.searchParams.set('term', term);
    meanings.set(term, fetch(query, { headers: { Accept: 'application/json' } }).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null));
  }
  return meanings.get(term);
}

function card(found, iri, term) {
  const box = Object.assign(document.createElement('div'), { className: 'query-card' });
  const name = Object.assign(document.createElement('strong'), { textContent: found.label, dir: 'auto' });
  const url = found.url ?? address(iri, null);
  const title = url ? Object.assign(document.createElement('a'), { href: url }) : document.createElement('span');
  title.append(name);
  box.append(title, ' ', Object.assign(document.createElement('code'), { textContent: term }));
  if (found.definition) box.append(Object.assign(document.createElement('p'), { textContent: found.definition, dir: 'auto' }));
  return box;
}

/** SPARQL, with a look for names and IRIs too. */
function language(cm) {
  const { language: plain, support } = cm.sparql();
  const names = cm.styleTags({ 'IriRef Pname_ln Pname_ns': cm.tags.namespace });
  return new cm.LanguageSupport(plain.configure({ props: [names] }), support);
}

function highlighting(cm) {
  const { tags } = cm;
  const style = (tag, name) => ({ tag, color: `var(--code-${name})` });
  return cm.HighlightStyle.define([
    { ...style([tags.keyword, tags.operatorKeyword, tags.definitionKeyword, tags.modifier], 'keyword'), fontWeight: '600' },
    style([tags.comment, tags.lineComment], 'comment'),
    style([tags.string, tags.special(tags.string)], 'string'),
    style([tags.number, tags.integer, tags.bool, tags.literal], 'number'),
    style([tags.variableName, tags.special(tags.variableName)], 'variable'),
    style([tags.url, tags.namespace, tags.typeName, tags.propertyName, tags.labelName], 'name'),
    style([tags.function(tags.variableName), tags.function(tags.keyword)], 'keyword'),
  ]);
}

function look(cm) {
  const border = '1px solid var(--border-color-subtle)';
  return cm.EditorView.theme({
    '&': { fontSize: '0.9375rem', backgroundColor: 'var(--background-color-base)', color: 'var(--color-base)' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': { fontFamily: "ui-monospace, Menlo, Consolas, 'Noto Sans Mono', monospace", lineHeight: '1.55', maxHeight: '60vh', overflow: 'auto' },
    '.cm-content, .cm-gutter': { minHeight: '15rem' },
    '.cm-content': { caretColor: 'var(--color-emphasized)', paddingBlock: '0.5rem' },
    '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--color-emphasized)' },
    '.cm-gutters': { backgroundColor: 'var(--background-color-interactive-subtle)', color: 'var(--color-subtle)', border: 'none', borderRight: border },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--background-color-interactive) 45%, transparent)' },
    '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'color-mix(in srgb, var(--color-progressive) 25%, transparent)' },
    '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'color-mix(in srgb, var(--color-progressive) 22%, transparent)', color: 'inherit' },
    '.cm-tooltip': { backgroundColor: 'var(--background-color-base)', color: 'var(--color-base)', border: '1px solid var(--border-color-base)', borderRadius: '2px', boxShadow: '0 2px 6px -1px rgba(0, 0, 0, .2)' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'inherit', maxHeight: '18rem' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '0.375rem 0.625rem', display: 'flex', alignItems: 'baseline', gap: '0.75rem' },
    '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--background-color-progressive-subtle)', color: 'var(--color-base)' },
    '.cm-tooltip.cm-completionInfo': { padding: '0.5rem 0.75rem', maxWidth: '22rem' },
    '.cm-diagnostic-error': { borderLeftColor: 'var(--color-destructive)' },
    '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--color-destructive)', textUnderlineOffset: '3px' },
    '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline dotted var(--color-subtle)', textUnderlineOffset: '3px' },
    '.cm-lint-marker': { width: '0.75rem', height: '0.75rem' },
  });
}
