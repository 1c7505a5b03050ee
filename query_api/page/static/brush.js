// Marks a part of a plot of equal columns: with mouse or finger by dragging, with the keyboard by two sliders.
// https://www.w3.org/WAI/ARIA/apg/patterns/slider-multithumb/

import { element } from "/page/dom.js";

const KEY_PAUSE_MS = 500;
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity };

/** A brush over `plot`. `edges` are the columns where the marked part begins and ends (the end excluded). */
export class Brush {
  #columns = 1;
  #edges = [0, 1];
  #before = null;
  #anchor = null;
  #pause = 0;
  #window = element("div", { class: "window" });
  #handles = ["Start", "End"].map((label, side) => this.#handle(label, side));

  /**
   * `describe(column, side)` says in words where a handle stands; `onMove(edges)` is told while one is moved, and
   * `onMark(edges)` when that is over.
   */
  constructor(plot, { describe, onMove, onMark }) {
    Object.assign(this, { plot, describe, onMove, onMark });
    plot.append(this.#window, ...this.#handles);
    plot.addEventListener("pointerdown", (event) => this.#press(event));
    plot.addEventListener("pointermove", (event) => this.#drag(event));
    plot.addEventListener("pointerup", (event) => this.#release(event));
    plot.addEventListener("pointercancel", () => this.#cancel());
    plot.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Shows `edges` over so many columns. */
  show(columns, edges) {
    this.#columns = columns;
    this.#edges = edges;
    this.#draw();
  }

  /** Whether somebody is moving it now. */
  get isHeld() {
    return this.#anchor !== null || this.#pause !== 0;
  }

  /** Gives up a part that was marked with the keyboard and is not told of yet, because another is. */
  forget() {
    clearTimeout(this.#pause);
    this.#pause = 0;
  }

  #handle(label, side) {
    return element("div", { class: "handle", role: "slider", tabindex: "0", "aria-label": label, "data-side": side });
  }

  #draw() {
    const [from, to] = this.#edges.map((edge) => (edge / this.#columns) * 100);
    this.#window.style.left = `${from}%`;
    this.#window.style.width = `${to - from}%`;
    this.#handles.forEach((handle, side) => {
      handle.style.left = `${[from, to][side]}%`;
      handle.setAttribute("aria-valuemin", 0);
      handle.setAttribute("aria-valuemax", this.#columns);
      handle.setAttribute("aria-valuenow", this.#edges[side]);
      handle.setAttribute("aria-valuetext", this.describe(this.#edges[side], side));
    });
  }

  #moved() {
    this.#draw();
    this.onMove(this.#edges);
  }

  #columnAt(event) {
    const { left, width } = this.plot.getBoundingClientRect();
    return Math.min(Math.max(((event.clientX - left) / width) * this.#columns, 0), this.#columns);
  }

  #press(event) {
    if (event.button !== 0) return;
    const side = event.target.dataset.side;
    this.#before = this.#edges;
    // A handle goes from where the other one is; elsewhere a new part begins.
    this.#anchor = side === undefined ? this.#columnAt(event) : this.#edges[1 - side];
    this.plot.setPointerCapture(event.pointerId);
    if (side === undefined) this.#drag(event);
  }

  #drag(event) {
    if (this.#anchor === null) return;
    const ends = [this.#anchor, this.#columnAt(event)].sort((one, other) => one - other);
    const from = Math.min(Math.floor(ends[0] + 1e-9), this.#columns - 1);
    this.#edges = [from, Math.max(Math.ceil(ends[1] - 1e-9), from + 1)];
    this.#moved();
  }

  #release(event) {
    if (this.#anchor === null) return;
    this.#drag(event);
    this.#anchor = null;
    this.onMark(this.#edges);
  }

  #cancel() {
    if (this.#anchor === null) return;
    this.#anchor = null;
    this.#edges = this.#before;
    this.#moved();
  }

  #key(event) {
    if (event.key === "Escape") return this.#cancel();
    const step = STEPS[event.key];
    const side = event.target.dataset.side;
    if (step === undefined || side === undefined) return undefined;
    event.preventDefault();
    const [lowest, highest] = Number(side) ? [this.#edges[0] + 1, this.#columns] : [0, this.#edges[1] - 1];
    this.#edges = this.#edges.with(side, Math.min(Math.max(this.#edges[side] + step, lowest), highest));
    this.#moved();
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#marked(), KEY_PAUSE_MS);
    return undefined;
  }

  #marked() {
    this.#pause = 0;
    this.onMark(this.#edges);
  }
}
