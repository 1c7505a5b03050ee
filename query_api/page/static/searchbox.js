// The search box: searches while somebody types, and suggests titles and channels (ARIA's combobox with a list).
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

import { isBegun } from "/page/address.js";
import { read } from "/page/api.js";
import { byId, element } from "/page/dom.js";

const TYPING_PAUSE_MS = 180;

/** The box in #q. `onAsk({q} or {channel, q: ""}, isTyping)` is told what is asked for. */
export class SearchBox {
  #input = byId("q");
  #list = byId("suggestions");
  #options = [];
  #chosen = -1;
  #pause = 0;
  #isUnasked = false;
  #asking = null;

  constructor(onAsk) {
    this.onAsk = onAsk;
    this.#input.addEventListener("input", () => this.#typed());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("blur", () => this.#close());
    byId("search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    document.addEventListener("keydown", (event) => this.#slash(event));
  }

  /** Shows what is asked for. What was typed and is not asked for yet stays: its turn comes. */
  set value(q) {
    if (!this.#isUnasked && this.#input.value.trim() !== q) this.#input.value = q;
  }

  /** Gives up what was typed and is not asked for yet, because other words are. */
  forget() {
    clearTimeout(this.#pause);
    this.#isUnasked = false;
  }

  #typed() {
    clearTimeout(this.#pause);
    this.#isUnasked = true;
    this.#pause = setTimeout(() => {
      const q = this.#input.value.trim();
      if (isBegun(q)) return this.#close();
      this.#isUnasked = false;
      this.onAsk({ q }, true);
      return this.#suggest(q);
    }, TYPING_PAUSE_MS);
  }

  #submit() {
    this.forget();
    const option = this.#options[this.#chosen];
    this.#close();
    if (option) this.#choose(option);
    else this.onAsk({ q: this.#input.value.trim() }, false);
  }

  #choose({ asks }) {
    this.forget();
    this.#input.value = asks.q;
    this.onAsk(asks, false);
  }

  async #suggest(q) {
    this.#asking?.abort();
    this.#asking = new AbortController();
    if (q.length < 2) return this.#close();
    try {
      const { titles, channels } = await read("/suggest", { q }, this.#asking.signal);
      this.#open([...titles.slice(0, 6).map(titleOption), ...channels.slice(0, 4).map(channelOption)]);
    } catch {
      this.#close(); // suggestions are a help, and no more than that
    }
    return undefined;
  }

  #open(options) {
    if (!options.length || document.activeElement !== this.#input) return this.#close();
    this.#options = options;
    this.#chosen = -1;
    this.#list.replaceChildren(...options.map((option, place) => this.#row(option, place)));
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    this.#input.removeAttribute("aria-activedescendant");
    return undefined;
  }

  #close() {
    this.#asking?.abort();
    this.#options = [];
    this.#chosen = -1;
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }

  #row(option, place) {
    const on = {
      mousedown: (event) => event.preventDefault(), // the focus stays in the box
      click: () => {
        this.#close();
        this.#choose(option);
      },
    };
    const row = { id: `suggestion-${place}`, role: "option", "aria-selected": "false", on };
    return element("div", row, element("span", { dir: "auto" }, option.text), element("small", {}, option.kind));
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && this.#options.length) {
      event.preventDefault();
      this.#close();
    } else if (step && this.#options.length) {
      event.preventDefault();
      this.#move(step);
    }
  }

  #move(step) {
    const places = this.#options.length + 1; // one of them is the box itself
    this.#chosen = ((this.#chosen + 1 + step + places) % places) - 1;
    [...this.#list.children].forEach((row, place) => row.setAttribute("aria-selected", String(place === this.#chosen)));
    const row = this.#list.children[this.#chosen];
    if (row) this.#input.setAttribute("aria-activedescendant", row.id);
    else this.#input.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  }

  #slash(event) {
    const writes = event.target.closest?.("input, select, textarea, dialog");
    if (event.key !== "/" || writes || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#input.select();
  }
}

/** A title is searched for as a phrase, so that no sign in it means anything. */
const titleOption = ({ text }) => ({ text, kind: "title", asks: { q: `"${text.replaceAll('"', " ").trim()}"` } });

const channelOption = ({ channel_id: channel, title }) => ({ text: title, kind: "channel", asks: { q: "", channel } });
