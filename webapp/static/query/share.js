/* Handing a query on: a short link, a frame for another page, a program. */

import { say } from './messages.js';
import { SNIPPETS } from './snippets.js';

/** Copies the text of a field, and says so. */
async function copy(field, spoken) {
  try {
    await navigator.clipboard.writeText(field.value ?? field.textContent);
  } catch {
    // Without a secure connection there is no clipboard: the text is marked, to be copied by hand.
    if (field.select) field.select();
    else window.getSelection().selectAllChildren(field);
    return;
  }
  spoken.textContent = say('copied');
}

/** Wires the panel of sharing; `text` answers the query, `view` the view that is shown. */
export function sharing(panel, { settings, text, view }) {
  const find = (name) => panel.querySelector(`[data-part="${name}"]`);
  const spoken = find('spoken');
  let shortened = { text: null, id: null };

  async function shorten() {
    if (shortened.text === text()) return shortened.id;
    const answer = await fetch(settings.shorten, { method: 'POST', body: new URLSearchParams({ query: text() }), headers: { Accept: 'application/json' } });
    if (!answer.ok) throw Object.assign(new Error(answer.statusText), { said: answer.status === 429 ? say('links-often') : say('failed') });
    const { id } = await answer.json();
    shortened = { text: text(), id };
    return id;
  }

  const absolute = (path, id) => {
    const address = new URL(`${path}/${id}`, window.location.origin);
    if (view()) address.searchParams.set('view', view());
    return address.href;
  };

  async function fill() {
    spoken.textContent = '';
    const code = find('language').value;
    find('snippet').textContent = SNIPPETS[code](new URL(settings.endpoint, window.location.origin).href, text());
    find('link').value = '';
    find('frame').value = '';
    if (!text().trim()) return;
    try {
      const id = await shorten();
      find('link').value = absolute(settings.shorten, id);
      find('frame').value = `<iframe src="${absolute(settings.embed, id).replace(/&/g, '&amp;')}" width="100%" height="480" loading="lazy" style="border:0"></iframe>`;
    } catch (error) {
      spoken.textContent = error.said ?? say('failed');
    }
  }

  panel.addEventListener('toggle', () => { if (panel.open) fill(); });
  find('language').addEventListener('change', fill);
  for (const button of panel.querySelectorAll('[data-copy]')) button.addEventListener('click', () => copy(find(button.dataset.copy), spoken));
}
