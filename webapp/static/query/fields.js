/* Fields that take a thing by its name, as an ARIA combobox; what is chosen is written as `Brazil (Q238)`. */

import { html } from './marks.js';

const PAUSE = 120;

/** Offers names under a field whose `data-things` answers them. */
export function thingField(field) {
  const list = html('ul', { class: 'suggestions', role: 'listbox', id: `${field.id}-list`, hidden: true });
  let [timer, asked, chosen] = [0, null, -1];
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': list.id, 'aria-expanded': 'false', autocomplete: 'off' })) field.setAttribute(name, value);
  field.parentElement.append(list);

  const close = () => {
    list.hidden = true;
    chosen = -1;
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-activedescendant');
  };
  const point = (at) => {
    const options = [...list.children];
    chosen = (at + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute('aria-selected', String(place === chosen)));
    field.setAttribute('aria-activedescendant', options[chosen].id);
    options[chosen].scrollIntoView({ block: 'nearest' });
  };
  const take = (option) => {
    field.value = option.dataset.value;
    close();
    field.dispatchEvent(new Event('change', { bubbles: true }));
  };

  async function ask() {
    asked?.abort();
    const text = field.value.trim();
    if (text.length < 2) { close(); return; }
    asked = new AbortController();
    const address = new URL(field.dataset.things, window.location);
    address.searchParams.set('q', text);
    try {
      const answer = await fetch(address, { signal: asked.signal });
      const { things } = await answer.json();
      list.replaceChildren(...things.map((thing, at) => html('li', { class: 'suggestion', role: 'option', id: `${list.id}-${at}`, 'aria-selected': 'false', 'data-value': thing.value },
        thing.root ? html('span', { class: `mark ${thing.root}` }) : null, html('bdi', {}, thing.label), html('span', { class: 'suggestion-kind' }, thing.code ?? ''))));
      list.hidden = !list.children.length;
      chosen = -1;
      field.setAttribute('aria-expanded', String(!list.hidden));
    } catch (error) {
      if (error.name !== 'AbortError') close();
    }
  }

  field.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
  field.addEventListener('blur', () => setTimeout(close, 150));
  field.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    if (event.key === 'ArrowDown') point(chosen + 1);
    else if (event.key === 'ArrowUp') point(chosen < 0 ? -1 : chosen - 1);
    else if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && chosen >= 0) take(list.children[chosen]);
    else return;
    event.preventDefault();
  });
  list.addEventListener('mousedown', (event) => {
    const option = event.target.closest('.suggestion');
    if (option) take(option);
  });
}
