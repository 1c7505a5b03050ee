// One video of the results.

import { addressOf } from "/page/address.js";
import { element, outward, shape } from "/page/dom.js";
import { atClock, atDay, compact, count, duration, exactly, fromNow } from "/page/formats.js";
import { marked } from "/page/highlight.js";

const THUMBNAILS = "https://i.ytimg.com/";
const BEST = ["medium", "high", "standard", "default"];
const LIVE = { live: "Live now", upcoming: "Upcoming" };
const RECENT_MS = 86400e3;

/** `item` of a search as a list item, which is read from where its title is. `subjects` has the names of subjects by id; `byDay`: its day stands above. */
export function card(item, { subjects, byDay, isNew = false }) {
  return element(
    "li",
    { class: isNew ? "card is-new" : "card", "data-video": item.video_id },
    picture(item),
    element("div", { class: "card-text", dir: "auto" }, title(item), element("div", { class: "meta" }, facts(item, byDay), topics(item, subjects)), description(item)),
  );
}

function title(item) {
  const text = item.highlights?.title ? marked(item.highlights.title) : [item.title];
  const link = outward("", item.url, { class: "title" });
  link.append(...text);
  return element("h2", {}, link);
}

function facts(item, byDay) {
  return element("p", { class: "facts" }, channel(item), published(item.published_at, byDay), length(item), views(item.details?.view_count));
}

function channel(item) {
  const text = item.highlights?.channel_title ? marked(item.highlights.channel_title) : [item.channel_title];
  const asked = { channel: item.channel_id };
  return element("a", { class: "channel", href: addressOf(asked), "data-asks": "channel", "data-value": item.channel_id, dir: "auto" }, ...text);
}

function published(text, byDay) {
  return tellTime(element("time", { datetime: text, title: exactly(text), "data-by-day": byDay, dir: "auto" }));
}

/** Writes when a card's video was published and, if it was lately, how long ago that is now. */
export function tellTime(time) {
  const text = time.dateTime;
  const age = Date.now() - new Date(text);
  const shown = "byDay" in time.dataset ? atClock(text) : atDay(text);
  time.textContent = age < RECENT_MS && age > 0 ? `${atClock(text)} · ${fromNow(text)}` : shown;
  return time;
}

function length(item) {
  // The picture shows it; who does not see that is told here.
  const seconds = item.details?.duration_s;
  const live = LIVE[item.live_broadcast_content];
  return live || seconds ? element("span", { class: "unseen" }, live ?? `Length ${duration(seconds)}`) : null;
}

function views(number) {
  return number === null || number === undefined ? null : element("span", { title: count(number), dir: "auto" }, `${compact(number)} ${number === 1 ? "view" : "views"}`);
}

function description(item) {
  const text = item.highlights?.description ? marked(item.highlights.description) : [item.description];
  return item.description ? element("p", { class: "description", dir: "auto" }, ...text) : null;
}

function topics(item, subjects) {
  const links = item.subjects.map((id) => {
    const link = element("a", { href: addressOf({ subject: id }), "data-asks": "subject", "data-value": id, dir: "auto" });
    return nameTopic(element("li", {}, link), subjects);
  });
  return element("ul", { class: "topics", "aria-label": "Subjects" }, ...links);
}

/** Writes the name of a card's subject; one that is not known, or followed no more, is not shown. */
export function nameTopic(topic, subjects) {
  const link = topic.firstChild;
  link.textContent = subjects.get(link.dataset.value) ?? "";
  topic.hidden = !link.textContent;
  return topic;
}

function picture(item) {
  const frame = outward(placeholder(), item.url, { class: "thumb", tabindex: "-1", "aria-hidden": "true" });
  const source = thumbnail(item.thumbnails ?? {});
  if (source) frame.append(image(source));
  const badge = LIVE[item.live_broadcast_content] ?? (item.details?.duration_s ? duration(item.details.duration_s) : null);
  if (badge) frame.append(element("span", { class: `badge ${item.live_broadcast_content}` }, badge));
  return frame;
}

function thumbnail(sizes) {
  const found = [...BEST, ...Object.keys(sizes)].map((size) => sizes[size]?.url);
  return found.find((url) => typeof url === "string" && url.startsWith(THUMBNAILS));
}

function image(source) {
  const made = element("img", { src: source, alt: "", width: 320, height: 180, loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" });
  made.addEventListener("error", () => made.remove());
  return made;
}

function placeholder() {
  return shape("svg", { viewBox: "0 0 32 18", class: "placeholder" }, shape("path", { d: "M14.4 6.6v4.8l4-2.4z" }));
}
