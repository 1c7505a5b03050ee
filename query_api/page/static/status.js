// The strip that says how the service is: last poll, searches left, and what is wrong if something is.

import { read, service } from "/page/api.js";
import { byId, element } from "/page/dom.js";
import { atClock, count, counted, fromNow } from "/page/formats.js";

const LOOK_EVERY_MS = 10_000;

/** The strip in #status. `onStatus(status)` gets each answer of the service. */
export class Status {
  #place = byId("status");
  now = null;

  constructor(onStatus) {
    this.onStatus = onStatus;
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
    setInterval(() => document.hidden || this.refresh(), LOOK_EVERY_MS);
  }

  /** Asks anew. */
  async refresh() {
    try {
      this.now = await read("/status");
      this.onStatus(this.now);
      this.#show(...summary(this.now));
    } catch (problem) {
      this.#show("bad", [problem.message]);
    }
  }

  #show(mood, parts) {
    const dot = element("span", { class: `dot ${mood}`, "aria-hidden": "true" });
    const [first, ...others] = parts;
    const facts = [
      service.simulated ? element("strong", { class: "simulated" }, "Simulated data") : null,
      element("span", { class: mood }, dot, first),
      ...others.map((part) => element("span", {}, part)),
    ];
    this.#place.replaceChildren(element("p", { class: "facts" }, ...facts));
  }
}

/** The mood (good, idle, bad) and the parts of what is to be said of a status. */
export function summary(status, now = Date.now()) {
  const troubled = status.subjects.filter((subject) => subject.trouble).length;
  const parts = [headline(status), lastPoll(status, now), searches(status)];
  if (troubled) parts.splice(1, 0, `${counted(troubled, "subject")} in trouble`);
  if (status.videos !== null) parts.push(counted(status.videos, "video"));
  const mood = status.state === "away" || troubled ? "bad" : status.state === "waiting" || status.reason ? "idle" : "good";
  return [mood, parts.filter(Boolean)];
}

function headline(status) {
  const words = { polling: "Following", waiting: "Waiting", away: "Not following" }[status.state];
  const reason = reasonOf(status);
  return reason ? `${words}: ${reason}` : `${words} ${counted(status.subjects.length, "subject")}`;
}

/** Why nothing is polled, or null; what there is to do in the words of the page, not of the API. */
export function reasonOf({ state, reason, subjects, projects }) {
  if (state !== "waiting") return reason;
  if (!projects.length) return "there is no usable API key: add one under Keys"; // a project has a usable one
  return subjects.length ? reason : "no subject is followed: add one under Subjects";
}

function lastPoll({ subjects }, now) {
  const last = subjects.map((subject) => subject.last_poll_at).filter(Boolean).sort().at(-1);
  return last ? `last poll ${fromNow(last, now)}` : null;
}

function searches({ projects }) {
  if (!projects.length) return null;
  const left = projects.reduce((sum, project) => sum + project.searches_left, 0);
  const resets = projects.map((project) => project.resets_at).sort()[0];
  return `${count(left)} searches left until ${atClock(resets)}`;
}
