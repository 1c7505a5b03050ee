// Subjects: what is followed, how far that is, following and unfollowing.

import { address, change, read } from "/page/api.js";
import { field, focusForm, openDialog, saying, sendingForm, sureButton } from "/page/dialogs.js";
import { byId, element } from "/page/dom.js";
import { count, counted, fromNow, onDay, span } from "/page/formats.js";

/** The subjects of the service. `all` is null until they were read; `names` is a map that is kept up to date. */
export class Subjects {
  all = null;
  #list = element("ul", { class: "rows" });
  #said = element("p", { class: "said", role: "status" });
  #work = new Map();

  constructor(names, onChange) {
    this.names = names;
    this.onChange = onChange;
    byId("open-subjects").addEventListener("click", () => this.open());
  }

  /** Reads them anew, and shows them where they are shown. */
  async refresh() {
    this.all = await read("/subjects");
    this.names.clear();
    for (const subject of this.all) this.names.set(subject.id, nameOf(subject));
    this.#show();
  }

  /** What the producer says of its work for each, out of the service's status. */
  set work(subjects) {
    this.#work = new Map(subjects.map((each) => [each.id, each]));
    if (byId("dialog").open) this.#show();
  }

  /** Opens the dialog. */
  async open() {
    openDialog("Subjects", element("div", { class: "stack" }, this.#form(), this.#said, this.#list));
    await saying(this.#said, () => this.refresh());
  }

  #show() {
    if (this.all === null) return;
    const tally = byId("open-subjects").querySelector(".tally");
    tally.textContent = this.all.length;
    tally.hidden = false;
    // Who is about to press a button there would press another one.
    if (this.#list.contains(document.activeElement)) return;
    const nothing = element("li", { class: "nothing" }, "Nothing is followed yet.");
    this.#list.replaceChildren(...(this.all.length ? this.all.map((each) => this.#row(each)) : [nothing]));
  }

  #row(subject) {
    const work = this.#work.get(subject.id);
    return element(
      "li",
      { class: "row", "data-subject": subject.id },
      element("div", { class: "row-head" }, element("strong", { dir: "auto" }, nameOf(subject)), work ? element("span", { class: "number" }, `${count(work.new)} found`) : null),
      element("p", { class: "note" }, facts(subject, work).join(" · ")),
      work?.trouble ? element("p", { class: "wrong" }, work.trouble) : null,
      element(
        "div",
        { class: "actions" },
        sureButton("Unfollow", `Unfollow ${nameOf(subject)}`, () => this.#unfollow(subject, "keep")),
        sureButton("Unfollow, delete videos", "Delete what only it found", () => this.#unfollow(subject, "delete")),
      ),
    );
  }

  #form() {
    const query = element("input", { name: "query", autofocus: true, maxlength: 200, dir: "auto", spellcheck: "false" });
    const channels = element("input", { name: "channels", spellcheck: "false", placeholder: "UC…" });
    const since = element("input", { name: "since", type: "date", min: "2005-02-14", max: new Date().toISOString().slice(0, 10) });
    const fields = [
      field("Query", query, "As in YouTube's search: words, \"a phrase\", -without, one | another."),
      element(
        "div",
        { class: "two" },
        field("Channels, if you like", channels, "Ids, separated by spaces. Without a query all their uploads are taken."),
        field("Since, if you like", since, "How far back videos are looked for; 7 days without a date."),
      ),
    ];
    return sendingForm("Follow", fields, (form) => this.#follow(form, { query: query.value.trim(), channels: words(channels.value), since: since.value || undefined }));
  }

  async #follow(form, wanted) {
    const subject = await change("POST", "/subjects", wanted);
    form.reset();
    await this.#changed();
    return `${nameOf(subject)} is followed`;
  }

  #unfollow(subject, videos) {
    return saying(this.#said, async () => {
      await change("DELETE", address(`/subjects/${encodeURIComponent(subject.id)}`, { videos }));
      focusForm(); // the button that had the focus goes
      await this.#changed();
      return `${nameOf(subject)} is not followed any more; its videos ${videos === "keep" ? "stay" : "go within minutes"}`;
    });
  }

  async #changed() {
    await this.refresh();
    this.onChange();
  }
}

/** What people call a subject. */
export function nameOf({ query, channels = [] }) {
  return query || `Uploads of ${channels.length === 1 ? channels[0] : counted(channels.length, "channel")}`;
}

function facts(subject, work) {
  const told = [`since ${onDay(subject.since)}`];
  if (subject.channels.length) told.push(counted(subject.channels.length, "channel"));
  if (!work) return told;
  if (work.last_poll_at) told.push(`polled ${fromNow(work.last_poll_at)}`);
  if (work.next_poll_at) told.push(new Date(work.next_poll_at) > Date.now() ? `next ${fromNow(work.next_poll_at)}` : "next one due");
  if (work.expected_delay_s !== null) told.push(`found ${span(work.expected_delay_s)} after publication`);
  if (work.backfill?.windows_left) told.push(`the past: ${counted(work.backfill.windows_left, "window")} to go`);
  return told;
}

const words = (text) => text.split(/[\s,;]+/).filter(Boolean);
