/* The panel of an answer: asks the endpoint, says what came, draws the view, offers the others and the downloads. */

import { FORMATS, saveAnswer, saveDrawing } from './download.js';
import { number, say } from './messages.js';
import { nameThings, tableOf } from './results.js';
import { drawTable } from './table.js';
import { idsIn, learn, named } from './terms.js';
import { askedView, draw, fitting, options } from './views.js';

/** Rows of the table under a drawing. */
const BESIDE = 20;
const ACCEPT = 'application/sparql-results+json, text/turtle;q=0.9, application/json;q=0.8';

/** A refusal of the endpoint: what it says to the reader, in its own words, and where in the query. */
export class Refusal extends Error {
  constructor(message, { said = null, line = null, column = null, status = 0 } = {}) {
    super(message);
    Object.assign(this, { said, line, column, status });
  }
}

/** What a program said, which speaks English. */
function inItsWords(text) {
  return Object.assign(document.createElement('samp'), { lang: 'en', dir: 'ltr', textContent: text });
}

async function refusal(answer) {
  const text = await answer.text();
  try {
    const { error } = JSON.parse(text);
    return new Refusal(error.message, error);
  } catch {
    return new Refusal(text.slice(0, 2000) || answer.statusText, { status: answer.status });
  }
}

/** What is said instead of an empty table: that nothing fits, and what the ids of the query mean here. */
async function nothing(query) {
  const said = [Object.assign(document.createElement('p'), { className: 'quiet', textContent: say('no-rows') })];
  const ids = idsIn(query);
  if (!ids.length) return said;
  await learn(ids);
  const list = document.createElement('ul');
  for (const id of ids) {
    const name = named(id);
    const line = document.createElement('li');
    const meaning = document.createElement('span');
    meaning.textContent = name?.label ?? say('id-none');
    if (name?.language) meaning.lang = name.language;
    if (!name) meaning.className = 'quiet';
    line.append(Object.assign(document.createElement('code'), { textContent: id }), ' ', meaning);
    list.append(line);
  }
  return [...said, Object.assign(document.createElement('p'), { textContent: say('ids') }), list];
}

/** The panel in the page's `#result`. */
export class Panel {
  constructor(section, settings) {
    this.section = section;
    this.settings = settings;
    this.find = (name) => section.querySelector(`[data-part="${name}"]`);
    this.find('drawing').dataset.icons = settings.files.icons;
    this.chosen = null;
    this.table = null;
    this.picture = null;
    this.asking = null;
    for (const button of section.querySelectorAll('[data-view]')) button.addEventListener('click', () => this.choose(button.dataset.view));
    for (const button of section.querySelectorAll('[data-save]')) button.addEventListener('click', () => this.save(button.dataset.save));
    section.addEventListener('click', (event) => {
      const ask = event.target.closest('[data-pictures]');
      if (ask) this.askWith({ query: this.query, pictures: ask.dataset.pictures, run: '1' });
    });
    let width = 0;
    new ResizeObserver(([entry]) => {
      const now = Math.round(entry.contentRect.width);
      if (width && now !== width && this.picture) { clearTimeout(this.waiting); this.waiting = setTimeout(() => this.show(), 150); }
      width = now;
    }).observe(section);
  }

  /** Asks again on a page that may load more: by a form, since no link to a page may choose that for its reader. */
  askWith(fields) {
    const address = new URL(this.settings.page, window.location);
    address.searchParams.set('view', this.view);
    const form = Object.assign(document.createElement('form'), { method: 'post', action: address.href, hidden: true });
    for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement('textarea'), { name, value }));
    document.body.append(form);
    form.submit();
  }

  /** Stops what is being asked. */
  stop() { this.asking?.abort(); }

  /** Asks and shows; answers how many rows there are. Throws Refusal, or AbortError when stopped. */
  async ask(query, view = null) {
    this.stop();
    const asking = new AbortController();
    this.asking = asking;
    this.query = query;
    this.section.hidden = false;
    this.fail(null);
    this.status(say('running'));
    this.section.setAttribute('aria-busy', 'true');
    const begun = performance.now();
    try {
      const answer = await fetch(this.settings.endpoint, { method: 'POST', body: new URLSearchParams({ query }), headers: { Accept: ACCEPT, 'Accept-Language': this.settings.language }, signal: asking.signal });
      if (!answer.ok) throw await refusal(answer);
      this.told = answer.headers.get('X-CapX-Note');
      const type = answer.headers.get('Content-Type') ?? '';
      if (!type.includes('json')) return this.showText(await answer.text());
      const table = tableOf(await answer.json());
      const took = performance.now() - begun;
      await nameThings(table);
      if (this.asking !== asking) return 0;
      this.table = table;
      const asked = view ?? this.chosen ?? askedView(query, this.settings.views);
      this.view = fitting(table).includes(asked) ? asked : 'table';
      this.unfit = asked && asked !== this.view && table.rows.length ? asked : null;
      this.status(table.verdict === null ? `${say('rows', number(table.rows.length))} · ${say('milliseconds', number(Math.round(took)))}` : '');
      this.offer();
      await this.show();
      return table.rows.length;
    } catch (error) {
      if (error.name === 'AbortError') this.status(say('stopped'));
      else this.fail(error instanceof Refusal ? error : new Refusal(say('offline')));
      throw error;
    } finally {
      this.section.removeAttribute('aria-busy');
    }
  }

  /** Forgets a view that was chosen by hand, when another query comes. */
  forget() { this.chosen = null; }

  choose(view) {
    this.chosen = view;
    this.view = view;
    this.unfit = null;
    this.offer();
    this.show();
  }

  status(text) { this.find('status').textContent = text; }

  note(text) {
    this.find('note').textContent = text ?? '';
    this.find('note').hidden = !text;
  }

  fail(error) {
    const place = this.find('error');
    place.hidden = !error;
    if (!error) return;
    this.status('');
    this.note(null);
    this.find('error-text').replaceChildren(...(error.said ? [error.said, ' ', inItsWords(error.message)] : [error.message]));
    this.find('drawing').hidden = true;
    this.find('table').replaceChildren();
    this.find('tools').hidden = true;
  }

  /** Shows which views fit, and which is drawn. */
  offer() {
    const fit = new Set(fitting(this.table));
    let shown = 0;
    for (const button of this.section.querySelectorAll('[data-view]')) {
      button.hidden = !fit.has(button.dataset.view);
      button.setAttribute('aria-pressed', String(button.dataset.view === this.view));
      if (!button.hidden) shown += 1;
    }
    this.find('views').hidden = shown < 2;
    this.find('tools').hidden = this.table.verdict !== null;
  }

  async show() {
    const { table, view } = this;
    const [drawing, place] = [this.find('drawing'), this.find('table')];
    const asked = options(this.query);
    this.picture = null;
    if (table.verdict !== null) {
      drawing.hidden = true;
      place.replaceChildren(Object.assign(document.createElement('p'), { className: 'verdict', textContent: say(table.verdict ? 'yes' : 'no') }));
      return;
    }
    drawing.hidden = view === 'table' || !table.rows.length;
    let note = this.unfit ? say('not-fitting') : null;
    if (table.rows.length) drawTable(table, place, drawing.hidden ? asked : { ...asked, first: BESIDE });
    else place.replaceChildren(...await nothing(this.query));
    if (!drawing.hidden) {
      const made = await draw(view, table, drawing, this.settings);
      this.picture = made?.svg ?? null;
      note = made?.note ?? note;
    }
    this.note([note, this.told].filter(Boolean).join(' '));
    for (const button of this.section.querySelectorAll('[data-save=svg], [data-save=png]')) button.hidden = !this.picture;
  }

  showText(text) {
    const code = Object.assign(document.createElement('pre'), { textContent: text, dir: 'ltr', className: 'result-text' });
    this.find('drawing').hidden = true;
    this.find('views').hidden = true;
    this.find('tools').hidden = true;
    this.find('table').replaceChildren(code);
    this.status('');
    this.note(null);
    return 0;
  }

  async save(format) {
    try {
      if (format in FORMATS) await saveAnswer(this.settings.endpoint, this.query, format);
      else await saveDrawing(this.picture, format);
    } catch {
      this.note(say('failed'));
    }
  }
}
