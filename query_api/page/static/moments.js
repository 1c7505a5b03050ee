// Times as the API writes them, as people's calendars have them, and between the two.

const UNITS = { s: 1e3, m: 60e3, h: 3600e3, d: 86400e3, w: 7 * 86400e3 };
const LENGTHS_S = [7 * 86400, 86400, 3600, 60, 1];

/** The moment that a parameter names, or null: ISO 8601, a plain date (a day of UTC) or `now-7d`. */
export function moment(text, { isEnd = false } = {}) {
  if (!text) return null;
  const relative = /^now(?:-(\d+)([smhdw]))?$/.exec(text);
  if (relative) return new Date(Date.now() - (relative[1] ?? 0) * (UNITS[relative[2]] ?? 0));
  const plain = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const read = new Date(plain && isEnd ? `${text}T23:59:59Z` : text);
  return Number.isNaN(read.getTime()) ? null : read;
}

/** The seconds of a length as the API takes it (`300`, `PT5M`), or null. */
export function secondsOf(text) {
  if (/^\d+$/.test(text)) return Number(text);
  const parts = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(text)?.slice(1);
  return parts?.some(Boolean) ? parts.reduce((sum, part, place) => sum + (part ?? 0) * LENGTHS_S[place], 0) : null;
}

/** A moment as the API takes it, in whole seconds of UTC. */
export const iso = (date) => `${date.toISOString().slice(0, 19)}Z`;

/** Where a day of the reader's calendar (`2026-11-24`) begins, or ends, as the API takes it. */
export function ofDay(day, { isEnd = false } = {}) {
  return day ? iso(new Date(`${day}T${isEnd ? "23:59:59" : "00:00:00"}`)) : "";
}

/** The day of the reader's calendar that a moment is in, as a date field has it; nothing for null. */
export function dayOf(date) {
  if (date === null) return "";
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}
