// What is said when there is nothing to show, and what to do about it.

import { button, element } from "/page/dom.js";
import { chips } from "/page/filters.js";
import { reasonOf } from "/page/status.js";

/**
 * What to show in the place of results. `asked` is the search; `keys` and `subjects` are lists, or null when they are
 * not known; `status` is the service's, or null; `names` as filters have them; `act` has what the buttons do.
 */
export function emptyState({ asked, keys, subjects, status, names, act }) {
  if (Object.keys(asked).some((name) => name !== "sort")) return nothingMatches(asked, names, act);
  if (keys?.length === 0) return noKey(act);
  if (subjects?.length === 0) return noSubject(act);
  const reason = status && reasonOf(status);
  return said("No video yet", `${reason ? `${sentence(reason)} ` : ""}The first ones appear here by themselves.`);
}

function noKey(act) {
  const demo = element("p", {}, "Only want to look around? ", element("code", {}, "make demo"), " runs everything on simulated data.");
  return said("Add a YouTube API key", "Videos are found through the YouTube Data API, which asks for a key of your own.", [button("Add a key", act.openKeys, { class: "primary" })], demo);
}

function noSubject(act) {
  return said("Follow a subject", "Its videos are found from then on, and those of the last days.", [button("Follow a subject", act.openSubjects, { class: "primary" })]);
}

function nothingMatches(asked, names, act) {
  const looser = chips(asked, names).map(({ text, without }) => button(`Without “${text}”`, () => act.change(without)));
  const words = asked.q ? button("Clear the words", () => act.change({ q: "" })) : null;
  const advice = asked.q ? wordsAdvice(asked.q) : "No video has all of these filters.";
  return said("Nothing matches", advice, [...looser, words].filter(Boolean));
}

function wordsAdvice(q) {
  if (q.includes('"')) return "Words in quotes have to stand next to each other: try it without the quotes.";
  if (/(^|\s)-\S/.test(q)) return "A word behind a minus excludes videos: try it without.";
  return /\s/.test(q) ? "Every word has to occur: try fewer words." : "Try another word, or the beginning of one.";
}

function said(title, text, actions = [], more = null) {
  return element("div", { class: "empty" }, element("h2", {}, title), element("p", {}, text), actions.length ? element("div", { class: "actions" }, ...actions) : null, more);
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;
