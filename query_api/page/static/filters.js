// The filters beside the results, and the chips that say which of them are in use.

import { button, byId, element, refill } from "/page/dom.js";
import { atDay, count, counted } from "/page/formats.js";
import { dayOf, moment, ofDay, secondsOf } from "/page/moments.js";

const MOST_CHOICES = 8;
const UNITS = { s: "second", m: "minute", h: "hour", d: "day", w: "week" };

/** The form in #filters. `names` has the maps `subjects` and `channels` from ids to names. */
export class Filters {
  #form = byId("filters");
  #facets = {};
  #hasAllSubjects = false;

  constructor(names, onChange) {
    this.names = names;
    this.onChange = onChange;
    this.asked = {};
    this.#form.addEventListener("change", (event) => this.#changed(event.target));
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    byId("presets").addEventListener("click", (event) => this.#preset(event.target.closest("button")));
    byId("toggle-filters").addEventListener("click", () => this.#toggle());
  }

  /** Shows what is asked for. */
  show(asked) {
    this.asked = asked;
    const { from, to, sort, duration, live } = this.#form.elements;
    from.value = dayOf(moment(asked.published_after));
    to.value = dayOf(moment(asked.published_before, { isEnd: true }));
    sort.value = asked.sort ?? "";
    live.value = asked.live ?? "";
    this.#showLength(duration);
    this.#showPresets();
    this.#showChips();
    this.#showChoices();
  }

  /** Shows how many of the results have which subject and channel. */
  count(facets) {
    this.#facets = facets ?? {};
    for (const { value, title } of this.#facets.channels ?? []) this.names.channels.set(value, title);
    this.#showChoices();
    this.#showChips();
  }

  #changed({ name, value, validity }) {
    if (!validity.valid) return; // a year that is being typed: 0002, 0020, 0202
    if (name === "from") this.onChange({ published_after: ofDay(value) });
    else if (name === "to") this.onChange({ published_before: ofDay(value, { isEnd: true }) });
    else if (name === "duration") {
      const [min, max] = value ? value.split("-") : ["", ""];
      this.onChange({ min_duration: min, max_duration: max });
    } else this.onChange({ [name]: value });
  }

  #preset(pressed) {
    if (pressed) this.onChange({ published_after: pressed.value, published_before: "" });
  }

  #toggle() {
    const isOpen = this.#form.classList.toggle("open");
    byId("toggle-filters").setAttribute("aria-expanded", String(isOpen));
  }

  #showLength(select) {
    const { min_duration: min = "", max_duration: max = "" } = this.asked;
    select.querySelector(".typed")?.remove();
    const value = min || max ? `${min}-${max}` : "";
    if (![...select.options].some((option) => option.value === value)) {
      select.append(element("option", { class: "typed", value }, lengthInWords(min, max)));
    }
    select.value = value;
  }

  #showPresets() {
    const { published_after: after = "", published_before: before } = this.asked;
    for (const each of byId("presets").children) {
      each.setAttribute("aria-pressed", String(each.value === after && !before));
    }
  }

  #showChips() {
    const used = chips(this.asked, this.names);
    refill(byId("chips"), used.map(({ text, without }) => this.#chip(text, without)));
    const tally = byId("toggle-filters").querySelector(".tally");
    tally.textContent = used.length;
    tally.hidden = used.length === 0;
  }

  #chip(text, without) {
    const remove = button("", () => this.onChange(without), { class: "chip", value: Object.keys(without)[0], "aria-label": `${text}: remove this filter` });
    remove.append(element("span", { dir: "auto" }, text), element("span", { "aria-hidden": "true" }, "✕"));
    return element("li", {}, remove);
  }

  #showChoices() {
    const { subjects, channels } = this.#facets;
    const followed = merged(this.names.subjects, subjects);
    const most = this.#hasAllSubjects ? Infinity : MOST_CHOICES;
    const all = followed.length > MOST_CHOICES ? [this.#allSubjects(followed.length)] : [];
    this.#choices("subject", withAsked(followed, most, this.asked.subject, this.names.subjects), all);
    this.#choices("channel", withAsked(channels ?? [], MOST_CHOICES, this.asked.channel, this.names.channels));
  }

  #choices(name, choices, more = []) {
    const group = byId(`${name}-choices`);
    group.hidden = choices.length === 0;
    refill(group.querySelector("ul"), [...choices.map((choice) => this.#choice(name, choice)), ...more]);
  }

  #allSubjects(many) {
    const toggle = () => {
      this.#hasAllSubjects = !this.#hasAllSubjects;
      this.#showChoices();
    };
    return element("li", {}, button(this.#hasAllSubjects ? "Fewer…" : `All ${count(many)}…`, toggle, { class: "all", "aria-expanded": String(this.#hasAllSubjects) }));
  }

  #choice(name, { value, title, count: matches }) {
    const isOn = this.asked[name] === value;
    const toggle = button("", () => this.onChange({ [name]: isOn ? "" : value }), { value, "aria-pressed": String(isOn) });
    toggle.append(element("span", { dir: "auto" }, title), element("span", { class: "number" }, matches === undefined ? "" : count(matches)));
    return element("li", {}, toggle);
  }
}

/** The filters in use, each in words, and what takes it away. */
export function chips(asked, names) {
  const { published_after: after, published_before: before, min_duration: min, max_duration: max } = asked;
  const live = { live: "live now", upcoming: "upcoming", none: "not live" }[asked.live];
  return [
    (after || before) && { text: rangeInWords(after, before), without: { published_after: "", published_before: "" } },
    asked.subject && { text: names.subjects.get(asked.subject) ?? asked.subject, without: { subject: "" } },
    asked.channel && { text: names.channels.get(asked.channel) ?? asked.channel, without: { channel: "" } },
    (min || max) && { text: lengthInWords(min, max), without: { min_duration: "", max_duration: "" } },
    asked.live && { text: live ?? asked.live, without: { live: "" } },
  ].filter(Boolean);
}

function rangeInWords(after, before) {
  const [, number, unit] = /^now-(\d+)([smhdw])$/.exec(after) ?? [];
  if (unit && !before) return after === "now-1d" ? "last 24 hours" : `last ${counted(Number(number), UNITS[unit])}`;
  const [from, to] = [moment(after), moment(before, { isEnd: true })];
  const [first, last] = [from ? atDay(from) : after, to ? atDay(to) : before];
  return first && last ? `${first} – ${last}` : first ? `since ${first}` : `until ${last}`;
}

function lengthInWords(min, max) {
  const minutes = (text) => {
    const seconds = secondsOf(text);
    return seconds === null ? text : `${Math.round((seconds / 60) * 10) / 10} min`;
  };
  if (min && max) return `${minutes(min)} to ${minutes(max)}`;
  return min ? `over ${minutes(min)}` : `under ${minutes(max)}`;
}

function merged(followed, counts) {
  const known = new Map((counts ?? []).map(({ value, count: matches }) => [value, matches]));
  const all = [...followed].map(([value, title]) => ({ value, title, count: counts ? (known.get(value) ?? 0) : undefined }));
  return all.sort((one, other) => (other.count ?? 0) - (one.count ?? 0));
}

/** The first `most` of all choices, and the asked one in any case. */
function withAsked(all, most, asked, names) {
  const choices = all.slice(0, most);
  if (!asked || choices.some(({ value }) => value === asked)) return choices;
  return [all.find(({ value }) => value === asked) ?? { value: asked, title: names.get(asked) ?? asked }, ...choices];
}
