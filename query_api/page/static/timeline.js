// When the videos that match were published, as bars; a part of it can be marked to see only that.

import { read } from "/page/api.js";
import { Brush } from "/page/brush.js";
import { button, byId, element, shape } from "/page/dom.js";
import { atDay, count, counted, onDay, range, tick } from "/page/formats.js";
import { iso, moment } from "/page/moments.js";
import { scale } from "/page/scale.js";

const LENGTHS_MS = { hour: 3600e3, day: 86400e3, week: 7 * 86400e3 };
const EACH = { hour: "an hour", day: "a day", week: "a week", month: "a month" };
// The day of YouTube's first video is not long after it.
const FIRST = Date.UTC(2005, 1, 14);

/** The timeline in #timeline. `onRange({published_after, published_before})` is told what was marked. */
export class Timeline {
  #place = byId("timeline");
  #picture = shape("svg", { preserveAspectRatio: "none", "aria-hidden": "true" });
  #plot = element("div", { class: "plot" }, this.#picture);
  #ticks = element("div", { class: "ticks", "aria-hidden": "true" });
  #range = element("strong");
  #most = element("span");
  #all = button("All time", () => this.onRange({ published_after: "", published_before: "" }), { class: "quiet" });
  #asking = null;
  #edges = [];
  #hint = element("span", { class: "hint" }, "Drag to pick a time");

  constructor(onRange) {
    this.onRange = onRange;
    this.#place.append(element("div", { class: "timeline-head" }, element("p", { class: "range" }, this.#range, " ", this.#most), this.#hint, this.#all), this.#plot, this.#ticks);
    this.brush = new Brush(this.#plot, {
      describe: (edge, side) => this.#describe(edge, side),
      onMove: (edges) => this.#name(edges),
      onMark: (edges) => this.#marked(edges),
    });
  }

  /** Shows it for what is asked. Where the service has no answer it is hidden. */
  async show(asked) {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const { sort: _, ...filters } = asked;
    try {
      const answer = await read("/stats/timeline", { ...filters, ...around(asked) }, this.#asking.signal);
      if (!this.brush.isHeld) this.#draw(answer, asked);
    } catch (error) {
      if (error.name !== "AbortError") this.#place.hidden = true;
    }
  }

  #draw({ interval, buckets, total }, asked) {
    this.#place.hidden = buckets.length === 0;
    if (!buckets.length) return;
    const starts = buckets.map((bucket) => new Date(bucket.from));
    this.#edges = [...starts, endOf(starts.at(-1), interval)];
    const marked = within(this.#edges, asked);
    const isMarked = Boolean(asked.published_after || asked.published_before);
    this.#bars(buckets.map((bucket) => bucket.count), isMarked ? marked : [0, buckets.length]);
    this.#plot.classList.toggle("marked", isMarked);
    this.#all.hidden = !isMarked;
    this.#hint.hidden = isMarked;
    this.#name(marked);
    this.#most.textContent = `up to ${count(Math.max(...buckets.map((bucket) => bucket.count)))} ${EACH[interval]}`;
    this.#label(interval, total);
    this.brush.show(buckets.length, marked);
  }

  #bars(counts, [from, to]) {
    const most = Math.max(...counts, 1);
    const gap = counts.length > 200 ? 0 : 0.16;
    this.#picture.setAttribute("viewBox", `0 0 ${counts.length} 100`);
    const bars = counts.map((count, column) => {
      const height = count ? Math.max((count / most) * 100, 3) : 0;
      const isIn = column >= from && column < to;
      return shape("rect", { x: column + gap / 2, y: 100 - height, width: 1 - gap, height, class: isIn ? "in" : "out" });
    });
    this.#picture.replaceChildren(...bars);
  }

  /** Writes which time lies between two edges. */
  #name([from, to]) {
    const [begin, end] = [this.#edges[from], this.#edges[to]];
    const hasHours = this.#edges[1] - this.#edges[0] < LENGTHS_MS.day && end - begin < 2 * LENGTHS_MS.day;
    this.#range.textContent = range(begin, end - 1, hasHours);
  }

  #label(interval, total) {
    this.#plot.setAttribute("role", "group");
    this.#plot.setAttribute("aria-label", `Time range of ${counted(total, "video")}, by ${interval}`);
    this.#ticks.replaceChildren(...scale(this.#edges).map(({ at, part, place }) => {
      const mark = element("span", {}, tick(at, part));
      mark.style.left = `${place * 100}%`;
      return mark;
    }));
  }

  #describe(edge, side) {
    const at = this.#edges[edge];
    if (at === undefined) return "";
    const length = this.#edges[1] - this.#edges[0];
    return length < LENGTHS_MS.day ? atDay(at) : onDay(new Date(at - side));
  }

  #marked([from, to]) {
    this.onRange({ published_after: iso(this.#edges[from]), published_before: iso(new Date(this.#edges[to] - 1000)) });
  }
}

/** The range to show: the asked one and as much again on both sides, so that it can be widened; all without one. */
export function around({ published_after: after, published_before: before }) {
  const [from, to] = [moment(after), moment(before, { isEnd: true })];
  if (from === null) return {};
  const end = to ?? new Date();
  const span = Math.max(end - from, LENGTHS_MS.hour);
  const begin = Math.max(from - span, Math.min(from, FIRST));
  return { published_after: iso(new Date(begin)), published_before: to ? iso(new Date(Math.min(+to + span, Math.max(+to, Date.now())))) : "" };
}

/** The columns between `edges` that the asked range has a part of. */
export function within(edges, { published_after: after, published_before: before }) {
  const [from, to] = [moment(after), moment(before, { isEnd: true })];
  const first = from === null ? 0 : edges.findIndex((edge) => edge > from) - 1;
  const last = to === null ? -1 : edges.findIndex((edge) => edge > to);
  const begin = Math.max(first === -2 ? edges.length - 2 : first, 0);
  return [begin, Math.max(last === -1 ? edges.length - 1 : last, begin + 1)];
}

function endOf(start, interval) {
  if (interval in LENGTHS_MS) return new Date(+start + LENGTHS_MS[interval]);
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1));
}
