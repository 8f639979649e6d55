/* Suggestions under a search field, as an ARIA combobox: arrows choose, Enter goes there, Escape closes. */

const PAUSE = 120;

/** Puts suggestions under the field in `box`, whose data-suggest is the address that answers them. */
export function suggestions(box) {
  const field = box.querySelector('input');
  const list = document.createElement('ul');
  const spoken = document.createElement('div');
  let timer = 0;
  let asked = null;
  let chosen = -1;

  list.className = 'suggestions';
  list.id = 'suggestions';
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  spoken.className = 'visually-hidden';
  spoken.setAttribute('role', 'status');
  field.setAttribute('role', 'combobox');
  field.setAttribute('aria-autocomplete', 'list');
  field.setAttribute('aria-controls', list.id);
  field.setAttribute('aria-expanded', 'false');
  box.append(list, spoken);

  function close() {
    list.hidden = true;
    chosen = -1;
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-activedescendant');
  }

  function choose(at) {
    const options = [...list.children];
    chosen = options.length ? (at + options.length) % options.length : -1;
    options.forEach((option, place) => option.setAttribute('aria-selected', String(place === chosen)));
    if (chosen < 0) return;
    field.setAttribute('aria-activedescendant', options[chosen].id);
    options[chosen].scrollIntoView({ block: 'nearest' });
  }

  function draw(answer) {
    list.replaceChildren(...answer.suggestions.map((suggestion, at) => {
      const option = document.createElement('li');
      const name = document.createElement('bdi');
      const kind = document.createElement('span');
      option.id = `suggestion-${at}`;
      option.className = 'suggestion';
      option.setAttribute('role', 'option');
      option.dataset.url = suggestion.url;
      name.textContent = suggestion.label;
      kind.className = 'suggestion-kind';
      kind.textContent = suggestion.kind;
      if (suggestion.root) {
        const mark = document.createElement('span');
        mark.className = `mark ${suggestion.root}`;
        option.append(mark);
      }
      option.append(name, kind);
      return option;
    }));
    list.setAttribute('aria-label', answer.title);
    list.hidden = !list.children.length;
    field.setAttribute('aria-expanded', String(!list.hidden));
    spoken.textContent = answer.summary;
    choose(-1 - list.children.length);
    chosen = -1;
    [...list.children].forEach((option) => option.setAttribute('aria-selected', 'false'));
    field.removeAttribute('aria-activedescendant');
  }

  async function ask() {
    const text = field.value.trim();
    if (asked) asked.abort();
    if (text.length < 2) { close(); return; }
    asked = new AbortController();
    const address = new URL(box.dataset.suggest, window.location);
    address.searchParams.set('q', text);
    try {
      const answer = await fetch(address, { signal: asked.signal });
      if (answer.ok) draw(await answer.json());
    } catch (error) {
      if (error.name !== 'AbortError') close();
    }
  }

  field.addEventListener('input', () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE);
  });
  field.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    if (event.key === 'ArrowDown') choose(chosen + 1);
    else if (event.key === 'ArrowUp') choose(chosen < 0 ? -1 : chosen - 1);
    else if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && chosen >= 0) window.location = list.children[chosen].dataset.url;
    else return;
    event.preventDefault();
  });
  field.addEventListener('blur', () => window.setTimeout(close, 150));
  list.addEventListener('mousedown', (event) => {
    const option = event.target.closest('.suggestion');
    if (option) window.location = option.dataset.url;
  });
}
