/* The queries of this browser: kept in it alone, newest first, forgotten at a click. */

const KEY = 'capx-queries';
const MOST = 50;

function read() {
  try {
    const kept = JSON.parse(window.localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.text === 'string') : [];
  } catch {
    return [];
  }
}

function write(kept) {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(kept));
  } catch { /* A browser that keeps nothing has no history. */ }
}

/** Keeps a query that was answered. */
export function remember(text, rows) {
  if (text.length > 20_000) return;
  write([{ text, rows, at: Date.now() }, ...read().filter((one) => one.text !== text)].slice(0, MOST));
}

export const remembered = read;

export function forget() { write([]); }

/** What a query is called in a list: its title, else its first comment or its first lines. */
export function title(text) {
  const named = /^#\s*title:\s*(.+)$/im.exec(text) ?? /^#(?!\s*(?:defaultView|view|param|description|TEMPLATE))\s*(\S.*)$/im.exec(text);
  if (named) return named[1].slice(0, 90);
  return text.replace(/^\s*(?:#.*|PREFIX\s.*)$/gim, '').replace(/\s+/g, ' ').trim().slice(0, 90);
}
