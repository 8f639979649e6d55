/* Times of events by the clocks of the browser's zone, for readers who chose none; and their zone in the forms.
   Without this script the page says the time in the event's own zone, and the reader may choose theirs. */

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Fills in a line that the page keeps hidden, where the browser's zone is another than the event's. */
function tell(line) {
  const { begin, end, zone } = line.dataset;
  const from = new Date(begin);
  if (!own || own === zone || Number.isNaN(from.valueOf())) return;
  const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'full', timeStyle: 'short' });
  const to = new Date(end);
  const time = document.createElement('time');
  const place = document.createElement('bdi');
  time.dateTime = begin;
  time.textContent = to > from ? form.formatRange(from, to) : form.format(from);
  place.dir = 'ltr';
  place.className = 'quiet';
  place.textContent = own;
  line.lastElementChild.replaceChildren(time, ' ', place);
  line.hidden = false;
}

/** Chooses the browser's zone in a list of zones where nothing was chosen before. */
function choose(list) {
  if (list.dataset.ownZone || !own) return;
  const option = [...list.options].find((one) => one.value === own);
  if (option) option.selected = true;
}

document.querySelectorAll('[data-own-clocks]').forEach(tell);
document.querySelectorAll('[data-own-zone]').forEach(choose);
