// The list of videos: shown anew, continued, or with new ones on top.

import { card, nameTopic, tellTime } from "/page/card.js";
import { byId, element } from "/page/dom.js";
import { counted, dayHeading } from "/page/formats.js";

/** The list in #results. `subjects` is a map of the subjects' names by id, which others keep up to date. */
export class Results {
  #list = byId("results");
  #more = byId("more");
  #shown = new Set();
  #byDay = false;
  #lastDay = null;
  #cursor = null;

  constructor(subjects, onMore) {
    this.subjects = subjects;
    this.#more.addEventListener("click", () => this.#askMore(onMore));
  }

  get size() {
    return this.#shown.size;
  }

  /** Tells assistive technology, and the eye, that the list is about to change. */
  set busy(isBusy) {
    this.#list.setAttribute("aria-busy", String(isBusy));
  }

  /** Shows an answer of a search in the place of what was there. `byDay`: it is in the order of time. */
  show(answer, byDay) {
    this.#shown.clear();
    this.#byDay = byDay;
    this.#lastDay = null;
    this.#list.replaceChildren();
    this.#add(answer);
  }

  /** Adds the next answer, and goes to its first video, unless the reader has gone elsewhere meanwhile. */
  append(answer) {
    const before = this.#list.querySelectorAll(".title").length;
    const isWaiting = [this.#more, document.body].includes(document.activeElement);
    this.#add(answer);
    if (isWaiting) this.#list.querySelectorAll(".title")[before]?.focus();
  }

  /** Puts new videos, the newest first, above all others; gives how many were not there yet. */
  prepend(items) {
    const unseen = items.filter((item) => !this.#shown.has(item.video_id));
    const rows = unseen.map((item) => this.#row(item, { isNew: true, byDay: false }));
    for (const old of this.#list.querySelectorAll(".is-new-heading")) old.remove();
    if (rows.length) this.#list.prepend(element("li", { class: "day is-new-heading" }, "New"), ...rows);
    return rows.length;
  }

  /** Brings the reader, and the keyboard, to the top of the list, if that is out of sight. */
  goToTop() {
    this.#list.firstElementChild?.scrollIntoView({ block: "nearest" });
    this.#list.focus({ preventScroll: true });
  }

  /** Shows the names of subjects, which have changed, or come later than the videos. */
  nameSubjects() {
    for (const topic of this.#list.querySelectorAll(".topics li")) nameTopic(topic, this.subjects);
  }

  /** Says anew how long ago videos were published. */
  tellTimes() {
    this.#list.querySelectorAll("time").forEach(tellTime);
  }

  /** Shows nothing. */
  clear() {
    this.show({ items: [], next_cursor: null }, false);
  }

  /** Whether the video is in the list. */
  has(id) {
    return this.#shown.has(id);
  }

  /** Once at a time; a button that is disabled would lose the focus. */
  async #askMore(onMore) {
    if (this.#more.ariaDisabled === "true") return;
    this.#more.ariaDisabled = "true";
    await onMore(this.#cursor);
    this.#more.ariaDisabled = "false";
  }

  #add(answer) {
    for (const item of answer.items.filter((each) => !this.#shown.has(each.video_id))) {
      this.#headDay(item);
      this.#list.append(this.#row(item, { byDay: this.#byDay }));
    }
    this.#cursor = answer.next_cursor ?? null;
    this.#more.hidden = this.#cursor === null;
  }

  #headDay(item) {
    const day = dayHeading(item.published_at);
    if (this.#byDay && day !== this.#lastDay) this.#list.append(element("li", { class: "day" }, day));
    this.#lastDay = day;
  }

  #row(item, options) {
    this.#shown.add(item.video_id);
    return card(item, { subjects: this.subjects, ...options });
  }
}

/** How many match, in words: "5,321 videos", "more than 10,000 videos". */
export function totalInWords({ value, relation }) {
  return `${relation === "gte" ? "at least " : ""}${counted(value, "video")}`;
}
