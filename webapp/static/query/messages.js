/* The page's messages and numbers, in the reader's language. The server hands them over in `data-settings`. */

let texts = {};
let tag = 'en';
let whole;
let fraction;

/** Takes the settings of the page; call it once, before anything is said. */
export function speak(settings) {
  texts = settings.texts;
  tag = settings.language;
  try {
    whole = new Intl.NumberFormat(tag);
    fraction = new Intl.NumberFormat(tag, { maximumSignificantDigits: 4 });
  } catch {
    tag = 'en';
    whole = new Intl.NumberFormat(tag);
    fraction = new Intl.NumberFormat(tag, { maximumSignificantDigits: 4 });
  }
}

/** The message with its parameters in place. */
export function say(key, ...parameters) {
  const text = texts[key] ?? `⧼${key}⧽`;
  return text.replace(/\$(\d)/g, (place, number) => parameters[number - 1] ?? place);
}

/** A number as the language writes it. */
export function number(value) {
  return (Number.isInteger(value) ? whole : fraction).format(value);
}

/** A short number for an axis: 12,000 is 12K. */
export function short(value) {
  return new Intl.NumberFormat(tag, { notation: Math.abs(value) >= 10000 ? 'compact' : 'standard', maximumFractionDigits: 2 }).format(value);
}

const DATES = { second: { dateStyle: 'medium', timeStyle: 'medium' }, day: { dateStyle: 'medium' }, month: { year: 'numeric', month: 'short' }, year: { year: 'numeric' } };

/** A moment in UTC; `unit` is second, day, month or year. */
export function moment(date, unit = 'day') {
  return new Intl.DateTimeFormat(tag, { timeZone: 'UTC', ...DATES[unit] }).format(date);
}

/** Compares texts as the language orders them. */
export function compare(one, other) {
  return one.localeCompare(other, tag, { numeric: true });
}
