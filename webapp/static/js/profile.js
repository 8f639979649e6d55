/* Choosing while typing, in the form of one's own profile: what is chosen is added as the button beneath would add it.
   Without this script the form searches by its buttons. */

const PAUSE = 150;

/** Lets one choose from suggestions in a part of the form. */
function choosing(box) {
  const form = box.closest('form');
  const field = box.querySelector('input[type=search]');
  const none = box.querySelector('.edit-none');
  const said = document.createElement('p');
  let list = box.querySelector('.edit-found');
  let timer = 0;
  let asked = null;

  said.className = 'visually-hidden';
  said.setAttribute('role', 'status');
  box.append(said);

  function offer(things) {
    none.textContent = things.length ? '' : box.dataset.none;
    if (!list) {
      list = document.createElement('ul');
      list.className = 'edit-found';
      box.append(list);
    }
    list.replaceChildren(...things.map((thing) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      const name = document.createElement('bdi');
      button.className = 'cdx-button cdx-button--weight-quiet cdx-button--action-progressive';
      button.name = 'add';
      button.value = `${box.dataset.field}:${thing.id}`;
      button.formAction = `${form.action}#${box.dataset.field}`;
      name.textContent = thing.label;
      button.append(name);
      item.append(button);
      return item;
    }));
  }

  async function ask() {
    const text = field.value.trim();
    if (asked) asked.abort();
    if (text.length < 2) {
      none.replaceChildren();
      said.textContent = '';
      if (list) list.replaceChildren();
      return;
    }
    asked = new AbortController();
    const address = new URL(form.dataset.suggest, window.location);
    address.searchParams.set('field', box.dataset.field);
    address.searchParams.set('q', text);
    try {
      const answer = await fetch(address, { signal: asked.signal });
      if (!answer.ok) return;
      const { found, summary } = await answer.json();
      offer(found);
      said.textContent = found.length ? summary : ''; // that there is none is said where it is seen
    } catch (error) {
      if (error.name !== 'AbortError') throw error;
    }
  }

  field.addEventListener('input', () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE);
  });
  if (!list) ask(); // What was typed while the page was still loading.
}

document.querySelectorAll('.edit-lookup').forEach(choosing);
