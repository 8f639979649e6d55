/* The query page: editor, answer, history and sharing, put together. */

import { begin } from './begin.js';
import { editor } from './editor.js';
import { forget, remember, remembered, title } from './history.js';
import { html } from './marks.js';
import { moment, say } from './messages.js';
import { Panel } from './panel.js';
import { sharing } from './share.js';

const { section, settings } = begin();
const panel = new Panel(section, settings);
const form = document.getElementById('query-form');
const textarea = document.getElementById('query-text');
const button = document.getElementById('query-run');
const LONGEST_ADDRESS = 4000;

// A query behind a # is how the Wikidata Query Service writes links.
if (window.location.hash.length > 1) {
  try {
    textarea.value = decodeURIComponent(window.location.hash.slice(1));
  } catch { /* A broken address opens the editor as it is. */ }
}

const code = await editor(textarea, { settings, run });

/** The address of the page with the query in it, so that it may be kept and loaded again. */
function keepAddress(text) {
  const address = new URL(settings.page, window.location);
  address.searchParams.set('query', text);
  if (window.location.pathname !== address.pathname && text === textarea.defaultValue) return;
  if (address.href.length > LONGEST_ADDRESS) return;
  address.searchParams.set('run', '1');
  window.history.replaceState(null, '', address);
}

async function run({ view = null } = {}) {
  const text = code.text();
  if (!text.trim()) { code.view.focus(); return; }
  code.mark(null);
  form.classList.add('running');
  button.dataset.running = 'true';
  try {
    const rows = await panel.ask(text, view);
    remember(text, rows);
    keepAddress(text);
  } catch (error) {
    code.mark(error);
  } finally {
    form.classList.remove('running');
    delete button.dataset.running;
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (button.dataset.running) panel.stop();
  else { panel.forget(); run(); }
});

document.getElementById('query-complete').addEventListener('click', () => { code.view.focus(); code.complete(); });

const menu = document.getElementById('query-history');
menu.addEventListener('toggle', () => {
  if (!menu.open) return;
  const kept = remembered();
  const list = menu.querySelector('ul');
  list.replaceChildren(...kept.map((one) => {
    const line = html('button', { type: 'button', class: 'drop-item' }, html('bdi', {}, title(one.text) || say('untitled')), html('span', { class: 'quiet' }, moment(new Date(one.at), 'second')));
    line.addEventListener('click', () => { menu.open = false; code.write(one.text); panel.forget(); code.view.focus(); });
    return html('li', {}, line);
  }));
  if (!kept.length) list.append(html('li', { class: 'quiet' }, say('history-empty')));
  menu.querySelector('[data-part=forget]').hidden = !kept.length;
});
menu.querySelector('[data-part=forget]').addEventListener('click', () => { forget(); menu.open = false; });

sharing(document.getElementById('query-share'), { settings, text: code.text, view: () => panel.chosen });

if (settings.run && code.text().trim()) await run({ view: new URL(window.location).searchParams.get('view') });
