/* An example or an embedded answer: the query stands in the page, only its answer is shown. */

import { begin } from './begin.js';
import { thingField } from './fields.js';
import { Panel } from './panel.js';

const { section, settings } = begin();
const panel = new Panel(section, settings);

for (const field of document.querySelectorAll('[data-things]')) thingField(field);

// The answer is drawn here, so the server need not answer too; empty fields would only lengthen the address.
document.getElementById('example-form')?.addEventListener('formdata', (event) => {
  event.formData.delete('answer');
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
});

if (settings.run) {
  const view = new URL(window.location).searchParams.get('view');
  await panel.ask(document.getElementById('query-text').textContent, settings.views[view?.toLowerCase()] ?? null).catch(() => null);
}
