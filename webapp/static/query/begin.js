/* What every page with an answer begins with: its settings, and menus that close when one looks elsewhere. */

import '../js/menus.js';
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
  return { section, settings };
}
