// Marks on a scale of time, where the reader's calendar has round times.

const MINUTE = 60e3;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// Part of a date, how many of it lie between two marks, and how long that about is.
const STEPS = [
  ["Minutes", 15, 15 * MINUTE], ["Hours", 1, HOUR], ["Hours", 3, 3 * HOUR], ["Hours", 6, 6 * HOUR], ["Hours", 12, 12 * HOUR],
  ["Date", 1, DAY], ["Date", 2, 2 * DAY], ["Date", 3, 3 * DAY], ["Date", 7, 7 * DAY], ["Date", 14, 14 * DAY],
  ["Month", 1, 30 * DAY], ["Month", 3, 91 * DAY], ["FullYear", 1, 365 * DAY], ["FullYear", 2, 730 * DAY], ["FullYear", 5, 1826 * DAY],
];
const PARTS = ["FullYear", "Month", "Date", "Hours", "Minutes"];
const MOST = 6.5;
const MARGIN = 0.04;

/**
 * The marks of columns that begin and end at `edges` (dates): `at`, the date; `part`, the part of it that differs from
 * mark to mark; `place`, how far from left to right it is (0 to 1).
 */
export function scale(edges) {
  const [begin, end] = [edges[0], edges.at(-1)];
  const [part, by] = STEPS.find(([, , length]) => end - begin <= MOST * length) ?? STEPS.at(-1);
  const marks = roundTimes(begin, end, part, by).map((at) => ({ at, part, place: placeOf(at, edges) }));
  return marks.filter(({ place }) => place > MARGIN && place < 1 - MARGIN);
}

function roundTimes(begin, end, part, by) {
  const [at, found] = [floored(begin, part, by), []];
  for (; at < end; at[`set${part}`](at[`get${part}`]() + by)) if (at >= begin) found.push(new Date(at));
  return found;
}

function floored(date, part, by) {
  const kept = PARTS.slice(0, PARTS.indexOf(part) + 1).map((each) => date[`get${each}`]());
  if (part !== "Date") kept.push(Math.floor(kept.pop() / by) * by);
  const [year, month = 0, ...others] = kept;
  return new Date(year, month, ...(others.length ? others : [1]));
}

function placeOf(date, edges) {
  const after = edges.findIndex((edge) => edge > date);
  const [from, to] = [edges[after - 1], edges[after]];
  return (after - 1 + (date - from) / (to - from)) / (edges.length - 1);
}
