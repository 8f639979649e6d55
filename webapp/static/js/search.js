/* What the search page does better with JavaScript: suggestions while typing, long lists in place, filters that
   apply when ticked. Everything works without it. */

import { suggestions } from './suggestions.js';

const form = document.getElementById('search');
document.documentElement.classList.add('scripted');

const wide = window.matchMedia('(min-width: 56rem)');

/** Sends the form without its empty fields, so that addresses stay short. */
function send() {
  form.requestSubmit();
}

form.addEventListener('formdata', (event) => {
  for (const name of [...event.formData.keys()]) {
    const values = event.formData.getAll(name).filter((value) => value !== '');
    event.formData.delete(name);
    for (const value of values) event.formData.append(name, value);
  }
  if (event.formData.get('sort') === 'relevance') event.formData.delete('sort');
});

document.getElementById('sort').addEventListener('change', send);

/** Ticking a filter searches at once where filters and results are side by side. */
document.getElementById('filters').addEventListener('change', (event) => {
  if (event.target.matches('input[type=checkbox]') && wide.matches) send();
});

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

/** "Show all" brings the whole list into its place instead of loading the page anew. */
async function expand(link) {
  const answer = await fetch(link.href, { headers: { Accept: 'text/html' } });
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const facet = document.importNode(page.querySelector(`.facet-${link.dataset.facet}`), true);
  link.closest('.facet').replaceWith(facet);
  filterable(facet);
  facet.querySelector('.facet-filter input').focus();
}

document.getElementById('filters').addEventListener('click', (event) => {
  const link = event.target.closest('.facet-more');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  expand(link).catch(() => { window.location = link.href; });
});

document.querySelectorAll('.facet').forEach(filterable);
suggestions(document.querySelector('[data-suggest]'));
