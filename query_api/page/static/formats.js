// Numbers and times in the reader's language and time zone.

const number = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const dates = (options) => new Intl.DateTimeFormat(undefined, options);
const clock = dates({ timeStyle: "short" });
const dayAndClock = dates({ dateStyle: "medium", timeStyle: "short" });
const exact = dates({ dateStyle: "full", timeStyle: "long" });
const calendar = dates({ dateStyle: "medium" });
const weekday = dates({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const dayOfMonth = dates({ month: "short", day: "numeric" });
const monthName = dates({ month: "short" });
const yearNumber = dates({ year: "numeric" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });

const STEPS = [["second", 60], ["minute", 60], ["hour", 24], ["day", 7], ["week", Infinity]];

export const count = (value) => number.format(value);
export const compact = (value) => short.format(value);

/** "1 video", "1,204 videos". */
export const counted = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

/** Seconds as 4:05 or 1:02:33. */
export function duration(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, place) => (place ? String(part).padStart(2, "0") : part)).join(":");
}

/** Seconds in words, rounded: 40 s, 12 min, 3 h, 2 days. */
export function span(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86400)} days`;
}

/** A moment from now: "5 min. ago", "in 3 hr.". */
export function fromNow(text, now = Date.now()) {
  let distance = (new Date(text) - now) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(distance) < size) return relative.format(Math.round(distance), unit);
    distance /= size;
  }
  return "";
}

/** From one moment to another, without saying twice what both have. */
export function range(from, to, withClock) {
  return (withClock ? dayAndClock : calendar).formatRange(new Date(from), new Date(to));
}

/** A mark on a scale of time on which this part of the date differs; where a day or a year begins, which one. */
export function tick(date, part) {
  if (part === "FullYear" || (part === "Month" && date.getMonth() === 0)) return yearNumber.format(date);
  if (part === "Month") return monthName.format(date);
  return part === "Date" || (date.getHours() === 0 && date.getMinutes() === 0) ? dayOfMonth.format(date) : clock.format(date);
}

export const atClock = (text) => clock.format(new Date(text));
export const atDay = (text) => dayAndClock.format(new Date(text));
export const onDay = (text) => calendar.format(new Date(text));
export const exactly = (text) => exact.format(new Date(text));

/** The day as a heading: today, yesterday, or the date. */
export function dayHeading(text, now = new Date()) {
  const day = new Date(text);
  const days = Math.round((midnight(now) - midnight(day)) / 86400e3);
  return days === 0 ? "Today" : days === 1 ? "Yesterday" : weekday.format(day);
}

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
