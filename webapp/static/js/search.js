/* What the search page does better with JavaScript: suggestions while typing, long lists in place, filters that
   apply when ticked, without losing one's place. Everything works without it. */

import { suggestions } from './suggestions.js';

const main = document.getElementById('content');
const wide = window.matchMedia('(min-width: 56rem)');
const said = Object.assign(document.createElement('p'), { className: 'visually-hidden' });
let asked = null;
let shown = window.location.pathname + window.location.search;

said.setAttribute('role', 'status');
document.body.append(said);
document.documentElement.classList.add('scripted');

/** Lists shorter than the text of their filter field. */
function filterable(facet) {
  const box = facet.querySelector('.facet-filter');
  if (!box) return;
  box.hidden = false;
  const lines = [...facet.querySelectorAll('.facet-lines li')];
  const folded = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const texts = lines.map((line) => folded(line.textContent));
  box.firstElementChild.addEventListener('input', (event) => {
    const wanted = folded(event.target.value.trim());
    lines.forEach((line, at) => { line.hidden = !texts[at].includes(wanted); });
  });
}

/** What a page needs that has just come. */
function begin() {
  document.querySelectorAll('.facet').forEach(filterable);
  suggestions(document.querySelector('[data-suggest]'));
}

async function pageAt(address, signal) {
  const answer = await fetch(address, { headers: { Accept: 'text/html' }, signal });
  if (!answer.ok) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

/** Puts another page into the place of this one; what names its own address comes along. */
function become(page, address) {
  const open = [...document.querySelectorAll('.facet[open]')].map((facet) => facet.className);
  for (const part of ['#content', '.site-choices', '.site-footer']) {
    document.querySelector(part).replaceChildren(...document.importNode(page.querySelector(part), true).childNodes);
  }
  for (const facet of document.querySelectorAll('.facet')) if (open.includes(facet.className)) facet.open = true;
  document.title = page.title;
  window.history.pushState(null, '', address);
  shown = window.location.pathname + window.location.search;
  begin();
}

/** The same control of the page that came; where its list no longer shows it, what opens the list. */
function focus(control) {
  const chosen = control.type === 'checkbox' ? `[value="${CSS.escape(control.value)}"]` : '';
  const same = document.querySelector(`main [name="${CSS.escape(control.name)}"]${chosen}`);
  same?.focus();
  if (!same || document.activeElement !== same) document.querySelector(`.facet-${control.name} > summary`)?.focus();
}

/** Searches with what a control was changed to, and stays at it. */
async function searchAt(control) {
  const form = document.getElementById('search');
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form));
  asked?.abort();
  asked = new AbortController();
  document.getElementById('results').setAttribute('aria-busy', 'true');
  try {
    become(await pageAt(address, asked.signal), address);
    focus(control);
    said.textContent = document.getElementById('results-title').textContent;
  } catch (error) {
    if (error.name !== 'AbortError') window.location = address;
  }
}

/** "Show all" brings the whole list into its place instead of loading the page anew. */
async function expand(link) {
  const page = await pageAt(link.href);
  const facet = document.importNode(page.querySelector(`.facet-${link.dataset.facet}`), true);
  link.closest('.facet').replaceWith(facet);
  filterable(facet);
  facet.querySelector('.facet-filter input').focus();
}

/** Sends no empty fields, so that addresses stay short. */
main.addEventListener('formdata', (event) => {
  if (event.target.id !== 'search') return;
  for (const name of [...event.formData.keys()]) {
    const values = event.formData.getAll(name).filter((value) => value !== '');
    event.formData.delete(name);
    for (const value of values) event.formData.append(name, value);
  }
  if (event.formData.get('sort') === 'relevance') event.formData.delete('sort');
});

/** Ticking a filter searches at once where filters and results are side by side. */
main.addEventListener('change', ({ target }) => {
  if (target.id === 'sort' || (target.matches('#filters input[type=checkbox]') && wide.matches)) searchAt(target);
});

main.addEventListener('click', (event) => {
  const link = event.target.closest('.facet-more');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  expand(link).catch(() => { window.location = link.href; });
});

window.addEventListener('popstate', () => {
  if (window.location.pathname + window.location.search !== shown) window.location.reload();
});

begin();
