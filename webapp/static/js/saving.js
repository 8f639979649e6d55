/* Saves a person or an organization without leaving the page; without this script the same form leads back to it. */

document.addEventListener('submit', async (event) => {
  const form = event.target.closest('form[data-saves]'); // what a script is answered there is JSON
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector('button');
  const data = new URLSearchParams(new FormData(form));
  data.set('act', button.value);
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: 'POST', body: data, headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(answer.statusText);
    const { saved } = await answer.json();
    form.classList.toggle('is-saved', saved);
    button.value = saved ? 'remove' : 'save';
    button.disabled = false;
    button.focus();
  } catch {
    button.disabled = false;
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'act', value: button.value }));
    form.submit(); // the page that comes says what is wrong
  }
});
