// Puts the page together: what is asked for goes from the address to the service, and its answers to the parts.

import { changed, parametersOf, readAddress, writeAddress } from "/page/address.js";
import { read } from "/page/api.js";
import { button, byId, element } from "/page/dom.js";
import { emptyState } from "/page/empty.js";
import { Filters } from "/page/filters.js";
import { Keys } from "/page/keys.js";
import { Live } from "/page/live.js";
import { Results, totalInWords } from "/page/results.js";
import { SearchBox } from "/page/searchbox.js";
import { Status } from "/page/status.js";
import { Subjects } from "/page/subjects.js";
import { showTake } from "/page/take.js";
import { Timeline } from "/page/timeline.js";

const LIMIT = 20;
const FACETS = "subjects,channels";

const names = { subjects: new Map(), channels: new Map() };
let asked = readAddress();
// `asked` as the service takes it: with the spelling that it used.
let meant = asked;
let asking = null;
let isTyping = false;
let isAnswered = false;
let isAway = false;
let total = null;

const results = new Results(names.subjects, showMore);
const filters = new Filters(names, ask);
const box = new SearchBox((update, typing) => ask(update, { typing }));
const timeline = new Timeline(ask);
const live = new Live({ isShown: (id) => results.has(id), onShow: showNew, onTooMany: showAnew });
const subjects = new Subjects(names.subjects, managed);
const keys = new Keys(managed);
const status = new Status(observed);

/** Asks for something else: `update` changes what is asked for. Typing goes on in the same step of the history. */
function ask(update, { typing = false } = {}) {
  const next = changed(asked, update);
  if ("q" in update) box.forget();
  if ("published_after" in update) timeline.brush.forget();
  if (JSON.stringify(next) === JSON.stringify(asked)) {
    isTyping = isTyping && typing;
    return;
  }
  asked = next;
  writeAddress(asked, { refines: typing && isTyping });
  isTyping = typing;
  search();
}

async function search() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  meant = parametersOf(asked);
  showAsked();
  isAnswered = isAway = false;
  results.busy = true;
  byId("more-notice").replaceChildren();
  timeline.show(meant);
  live.stop();
  try {
    const answer = await read("/search", { ...meant, limit: LIMIT, facets: FACETS }, signal);
    isAnswered = true;
    if (answer.spelling) respell(answer.spelling.used);
    results.show(answer, isByDay());
    filters.count(answer.facets);
    summarize(answer);
    showEmpty();
    live.listen(meant);
  } catch (error) {
    if (error.name === "AbortError") return;
    showProblem(error);
  }
  byId("take").hidden = !isAnswered;
  results.busy = false;
}

function showAsked() {
  box.value = asked.q ?? "";
  filters.show(asked);
  showTake(meant);
  document.title = asked.q ? `${asked.q} – topicreel` : "topicreel";
}

/** Only a search corrects the spelling: what else is shown of it is asked for with the right one. */
function respell(q) {
  meant = { ...meant, q };
  showTake(meant);
  timeline.show(meant);
}

const isByDay = () => (asked.sort ? asked.sort === "newest" || asked.sort === "oldest" : !asked.q);

function summarize({ total: matches, took_ms: took, spelling }) {
  total = matches;
  byId("summary").textContent = totalInWords(total);
  byId("took").textContent = `${took} ms`;
  const used = spelling && element("p", { class: "notice" }, `Nothing matches “${spelling.asked}”. These match `, element("strong", {}, spelling.used), ".");
  byId("notice").replaceChildren(...(used ? [used] : []));
}

function showEmpty() {
  const act = { openKeys: () => keys.open(), openSubjects: () => subjects.open(), change: ask };
  const known = { asked, keys: keys.all, subjects: subjects.all, status: status.now, names, act };
  const [place, state] = [byId("empty"), isAnswered && !results.size ? emptyState(known) : null];
  // What says the same stays, and with it the focus on one of its buttons.
  if (!state?.isEqualNode(place.firstChild)) place.replaceChildren(...(state ? [state] : []));
}

function showProblem(problem) {
  isAnswered = false;
  isAway = problem.status === 0;
  results.clear();
  showEmpty();
  byId("summary").textContent = "No answer";
  byId("took").textContent = "";
  byId("notice").replaceChildren(wrong(problem, problem.status === 422 ? clearing(problem) : button("Try again", search)));
}

/** What was refused once is refused again: the way out is to ask for less. */
function clearing({ errors }) {
  const isOfWords = errors.length > 0 && errors.every((error) => error.parameter === "q");
  const cleared = Object.keys(asked).filter((name) => (name === "q") === isOfWords);
  const update = Object.fromEntries(cleared.map((name) => [name, ""]));
  return button(isOfWords ? "Clear the words" : "Clear the filters", () => ask(update));
}

function wrong(problem, way = null) {
  return element("div", { class: "notice wrong", role: "alert" }, element("p", {}, problem.advice ?? problem.message), way);
}

/** What was shown stays, whatever comes of it; the button is there to try again. */
async function showMore(cursor) {
  byId("more-notice").replaceChildren();
  try {
    results.append(await read("/search", { ...parametersOf(asked), limit: LIMIT, cursor }, asking.signal));
  } catch (error) {
    if (error.name !== "AbortError") byId("more-notice").replaceChildren(wrong(error));
  }
}

function showNew(items) {
  total = { ...total, value: total.value + results.prepend(items) };
  byId("summary").textContent = totalInWords(total);
  timeline.show(meant);
  showEmpty();
  results.goToTop();
}

/** When too many are new to be put on top. */
async function showAnew() {
  await search();
  results.goToTop();
}

/** Shows what is known of subjects and keys. */
function showManaged() {
  filters.show(asked);
  results.nameSubjects();
  showEmpty();
}

/** After they were changed. */
function managed() {
  showManaged();
  status.refresh();
}

function observed(told) {
  subjects.work = told.subjects;
  results.tellTimes();
  readMissing();
  // The first videos of all come by themselves, and what was asked of a service that was away.
  const isFirst = isAnswered && !results.size && told.videos && !Object.keys(asked).length;
  if (isFirst || isAway) search();
  else showEmpty();
}

/** Reads what could not be read yet. */
async function readMissing() {
  const missing = [subjects, keys].filter(({ all }) => all === null);
  if (!missing.length) return;
  await Promise.allSettled(missing.map((each) => each.refresh()));
  showManaged();
}

/** Links in the results that ask for a channel or a subject need no new page. */
byId("results").addEventListener("click", (event) => {
  const link = event.target.closest("[data-asks]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.asks === "channel") names.channels.set(link.dataset.value, link.textContent);
  ask({ [link.dataset.asks]: link.dataset.value });
});

addEventListener("popstate", () => {
  asked = readAddress();
  isTyping = false;
  box.forget();
  search();
});

search();
status.refresh();
