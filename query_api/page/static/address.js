// What is searched for stands in the address bar, under the names that the API has for it.

// What can be searched for.
const WORD = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;

const NAMES = ["q", "published_after", "published_before", "subject", "channel", "live", "min_duration", "max_duration", "sort"];

/** What the address asks for: only what has a value. */
export function readAddress() {
  const given = new URLSearchParams(location.search);
  return pruned(Object.fromEntries(NAMES.map((name) => [name, (given.get(name) ?? "").trim()])));
}

/** Puts it there; as a new step to go back from, unless it only refines the last one. */
export function writeAddress(asked, { refines = false } = {}) {
  const query = new URLSearchParams(asked).toString();
  const url = query ? `/?${query}` : "/";
  if (url === location.pathname + location.search) return;
  if (refines) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
}

/** `asked` with changes; an empty value takes a filter away. */
export const changed = (asked, update) => pruned({ ...asked, ...update });

/** The address of a search, to be opened elsewhere. */
export const addressOf = (asked) => `/?${new URLSearchParams(asked)}`;

/** `asked` as the API takes it: a quotation that is not closed yet, because somebody is typing it, is closed. */
export function parametersOf(asked) {
  return hasOpenQuotation(asked.q ?? "") ? { ...asked, q: `${asked.q}"` } : asked;
}

/** Whether somebody has typed a sign (`"`, `-`) but not yet the word that it is for. */
export function isBegun(q) {
  const last = hasOpenQuotation(q) ? q.slice(q.lastIndexOf('"')) : q;
  return q !== "" && (!WORD.test(last) || /\s-$/.test(q));
}

const hasOpenQuotation = (q) => q.split('"').length % 2 === 0;

function pruned(asked) {
  return Object.fromEntries(NAMES.filter((name) => asked[name]).map((name) => [name, asked[name]]));
}
