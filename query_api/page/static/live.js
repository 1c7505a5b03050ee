// New videos that match, as they come (server-sent events), offered without taking the reader's place away.

import { address, read } from "/page/api.js";
import { button, byId } from "/page/dom.js";
import { counted } from "/page/formats.js";

const SETTLED_MS = 400;
const AGAIN_MS = 5_000;
const MOST_KEPT = 50;
const CLOCKS_DIFFER_MS = 5_000;

/**
 * Listens for what is asked for. `isShown(id)` tells whether a video is in the list; `onShow(items)` gets the new
 * ones, newest first; `onTooMany()` is called when they are too many to be added.
 */
export class Live {
  #place = byId("fresh");
  #source = null;
  #pill = button("", () => this.#show(), { class: "primary pill" });
  #timer = 0;
  #filters = null;
  #kept = new Map();
  // Since when there is no connection; 0 while there is one.
  #awayAt = 0;

  constructor({ isShown, onShow, onTooMany }) {
    Object.assign(this, { isShown, onShow, onTooMany });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#pause() : this.#resume()));
  }

  /** Listens no more, and forgets what came. */
  stop() {
    this.#close();
    this.#filters = null;
    this.#awayAt = 0;
    this.#kept.clear();
    this.#say();
  }

  /** From now on new videos for this search. */
  listen(asked) {
    this.stop();
    const { sort: _, ...filters } = asked;
    this.#filters = filters;
    this.#timer = setTimeout(() => this.#open(), SETTLED_MS);
  }

  #open() {
    if (document.hidden) return this.#pause();
    this.#source = new EventSource(address("/stream", this.#filters));
    this.#source.addEventListener("open", () => this.#catchUp());
    this.#source.addEventListener("video", (event) => this.#arrived(JSON.parse(event.data)));
    this.#source.addEventListener("error", () => this.#failed());
    return undefined;
  }

  /** A page that is not looked at gives its connection back: a browser has six of them for all its tabs. */
  #pause() {
    this.#close();
    this.#awayAt ||= Date.now();
  }

  #resume() {
    if (this.#filters === null || this.#source !== null) return;
    this.#close();
    this.#open();
  }

  /** A new connection tells of what comes from then on; what came before it is looked for. */
  async #catchUp() {
    if (!this.#awayAt) return;
    const [filters, since] = [this.#filters, new Date(this.#awayAt - CLOCKS_DIFFER_MS).toISOString()];
    this.#awayAt = 0;
    const missed = await read("/search", { ...filters, sort: "newest", limit: MOST_KEPT }).catch(() => ({ items: [] }));
    if (filters !== this.#filters) return;
    for (const item of missed.items) if (item.first_seen_at >= since) this.#arrived(item);
  }

  #close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #failed() {
    this.#awayAt ||= Date.now();
    // A lost connection is taken up again by the browser, a refusal is not.
    if (this.#source?.readyState !== EventSource.CLOSED) return;
    this.#close();
    this.#timer = setTimeout(() => this.#open(), AGAIN_MS);
  }

  #arrived(item) {
    if (this.isShown(item.video_id)) return;
    this.#kept.set(item.video_id, item);
    this.#say();
  }

  #say() {
    const many = this.#kept.size;
    this.#pill.textContent = many > MOST_KEPT ? `More than ${MOST_KEPT} new videos` : counted(many, "new video");
    if (!many) this.#pill.remove();
    else if (!this.#pill.isConnected) this.#place.append(this.#pill);
  }

  #show() {
    const items = [...this.#kept.values()].sort((one, other) => other.published_at.localeCompare(one.published_at));
    this.#kept.clear();
    this.#say();
    if (items.length > MOST_KEPT) this.onTooMany();
    else this.onShow(items);
  }
}
