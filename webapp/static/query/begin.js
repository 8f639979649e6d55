/* What every page with an answer begins with: its settings, and menus that close when one looks elsewhere. */

import { speak } from './messages.js';
import { knowPrefixes } from './terms.js';

/** The settings that the server wrote into `#result`. */
export function begin() {
  const section = document.getElementById('result');
  const settings = JSON.parse(section.dataset.settings);
  document.documentElement.classList.add('scripted');
  speak(settings);
  knowPrefixes(settings);
  for (const scripted of document.querySelectorAll('[data-scripted]')) scripted.hidden = false;
  document.addEventListener('click', (event) => {
    for (const menu of document.querySelectorAll('details.drop[open]')) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of document.querySelectorAll('details.drop[open]')) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  });
  return { section, settings };
}
