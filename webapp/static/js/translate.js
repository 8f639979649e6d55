/* The translation workspace by keyboard: Ctrl+Enter saves a row and goes on to the next, Alt with an arrow moves,
   Escape puts back what was there. Rows are the server's, words too; without this the forms post as they are. */

const list = document.querySelector('[data-translate]');
const said = Object.assign(document.createElement('p'), { className: 'visually-hidden' });

said.setAttribute('role', 'status');
document.body.append(said);

let leaving = false;

const rows = () => [...list.querySelectorAll('.translate-row')];
const rowOf = (element) => element.closest('.translate-row');

/** The field of a row where work begins: the first that is empty, else the first. */
function enter(row) {
  if (!row) return;
  const fields = [...row.querySelectorAll('textarea')];
  const field = fields.find((one) => !one.value.trim()) || fields[0];
  field.focus();
  field.select();
  row.scrollIntoView({ block: 'nearest' });
}

function step(row, by) {
  const all = rows();
  const next = all[all.indexOf(row) + by];
  if (next) enter(next);
  else if (by > 0) document.querySelector('.paging [rel=next]')?.focus();
}

function changed(form) {
  return [...form.elements].some((field) => 'defaultValue' in field && field.value !== field.defaultValue);
}

/** Puts the answered row and the progress in the place of the old ones; answers whether it was saved. */
async function save(form) {
  const row = rowOf(form);
  const data = new URLSearchParams(new FormData(form));
  data.set('part', '1');
  row.setAttribute('aria-busy', 'true');
  const answer = await fetch(form.action, { method: 'POST', body: data });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.querySelector('.translate-row');
  if (!fresh || fresh.id !== row.id) throw new Error(answer.statusText);
  const progress = page.getElementById('translate-progress');
  row.replaceWith(document.importNode(fresh, true));
  said.textContent = fresh.querySelector('.translate-said').textContent.trim();
  document.getElementById('translate-progress')?.replaceWith(document.importNode(progress, true));
  const lost = document.activeElement === document.body;
  if (!answer.ok && lost) document.getElementById(fresh.id).querySelector('textarea').focus();
  return answer.ok;
}

/** Saves without leaving the page; the next row has the focus at once, unless the save is refused. */
function saveAndGoOn(form) {
  const row = rowOf(form);
  const all = rows();
  const next = all[all.indexOf(row) + 1];
  if (next) enter(next);
  save(form).then((saved) => {
    if (saved && !next) step(document.getElementById(row.id), 1);
  }).catch(() => {
    row.removeAttribute('aria-busy');
    leaving = true;
    form.submit();
  });
}

list?.addEventListener('submit', (event) => {
  event.preventDefault();
  saveAndGoOn(event.target);
});

list?.addEventListener('keydown', (event) => {
  const row = rowOf(event.target);
  if (!row) return;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) saveAndGoOn(row.querySelector('form'));
  else if (event.altKey && event.key === 'ArrowDown') step(row, 1);
  else if (event.altKey && event.key === 'ArrowUp') step(row, -1);
  else if (event.key === 'Escape' && 'defaultValue' in event.target) event.target.value = event.target.defaultValue;
  else return;
  event.preventDefault();
});

window.addEventListener('beforeunload', (event) => {
  if (leaving || !list) return;
  const busy = list.querySelector('[aria-busy=true]');
  if (busy || rows().some((row) => changed(row.querySelector('form')))) event.preventDefault();
});
