// New videos that match, as they come (server-sent events), offered without taking the reader's place away.

import { address } from "/page/api.js";
import { button, byId } from "/page/dom.js";
import { counted } from "/page/formats.js";

const SETTLED_MS = 400;
const AGAIN_MS = 60_000;
const MOST_KEPT = 50;

/**
 * Listens for what is asked for. `isShown(id)` tells whether a video is in the list; `onShow(items)` gets the new
 * ones, newest first; `onTooMany()` is called when they are too many to be added.
 */
export class Live {
  #place = byId("fresh");
  #source = null;
  #timer = 0;
  #kept = new Map();

  constructor({ isShown, onShow, onTooMany }) {
    Object.assign(this, { isShown, onShow, onTooMany });
  }

  /** Listens no more, and forgets what came. */
  stop() {
    this.#close();
    this.#kept.clear();
    this.#say();
  }

  /** From now on new videos for this search. */
  listen(asked) {
    this.stop();
    const { sort: _, ...filters } = asked;
    this.#timer = setTimeout(() => this.#open(filters), SETTLED_MS);
  }

  #open(filters) {
    this.#source = new EventSource(address("/stream", filters));
    this.#source.addEventListener("video", (event) => this.#arrived(JSON.parse(event.data)));
    this.#source.addEventListener("error", () => this.#failed(filters));
  }

  #close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #failed(filters) {
    // A lost connection is taken up again by the browser, a refusal is not.
    if (this.#source?.readyState !== EventSource.CLOSED) return;
    this.#close();
    this.#timer = setTimeout(() => this.#open(filters), AGAIN_MS);
  }

  #arrived(item) {
    if (this.isShown(item.video_id)) return;
    this.#kept.set(item.video_id, item);
    this.#say();
  }

  #say() {
    const many = this.#kept.size;
    const text = many > MOST_KEPT ? `More than ${MOST_KEPT} new videos` : counted(many, "new video");
    this.#place.replaceChildren(...(many ? [button(text, () => this.#show(), { class: "primary pill" })] : []));
  }

  #show() {
    const items = [...this.#kept.values()].sort((one, other) => other.published_at.localeCompare(one.published_at));
    this.#kept.clear();
    this.#say();
    if (items.length > MOST_KEPT) this.onTooMany();
    else this.onShow(items);
  }
}
