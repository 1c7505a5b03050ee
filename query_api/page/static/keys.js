// API keys: how each fares, adding, checking and removing them.

import { change, read } from "/page/api.js";
import { field, focusForm, openDialog, saying, sendingForm, sureButton } from "/page/dialogs.js";
import { button, byId, element, outward } from "/page/dom.js";
import { fromNow } from "/page/formats.js";

const POLICY = "https://developers.google.com/youtube/terms/developer-policies#d.-accessing-youtube-api-services";
const STATES = { valid: "Valid", invalid: "Refused", unchecked: "Not checked" };
const LOOK_EVERY_MS = 3000;

/** The keys of the service. `all` is null until they were read. */
export class Keys {
  all = null;
  #list = element("ul", { class: "rows" });
  #said = element("p", { class: "said", role: "status" });

  constructor(onChange) {
    this.onChange = onChange;
    byId("open-keys").addEventListener("click", () => this.open());
  }

  /** Reads them anew, and shows them where they are shown. */
  async refresh() {
    const all = await read("/api_keys");
    const isSame = JSON.stringify(all) === JSON.stringify(this.all);
    this.all = all;
    if (!isSame) this.#show();
    return isSame;
  }

  /** Opens the dialog. */
  async open() {
    openDialog("API keys", element("div", { class: "stack" }, rule(), this.#form(), this.#said, this.#list), () => clearInterval(looking));
    const look = () => this.refresh().catch((error) => this.#wrong(error));
    const looking = setInterval(look, LOOK_EVERY_MS);
    this.#said.textContent = "";
    await look();
  }

  #wrong(error) {
    this.#said.textContent = error.message;
    this.#said.classList.add("wrong");
  }

  #show() {
    const refused = this.all.filter((key) => key.state === "invalid").length;
    const tally = byId("open-keys").querySelector(".tally");
    tally.textContent = refused ? `${refused} refused` : this.all.length;
    tally.classList.toggle("wrong", refused > 0);
    tally.hidden = false;
    const nothing = element("li", { class: "nothing" }, "No key yet. Without one nothing can be asked of YouTube.");
    this.#list.replaceChildren(...(this.all.length ? this.all.map((key) => this.#row(key)) : [nothing]));
  }

  #row(key) {
    const checked = key.checked_at ? `checked ${fromNow(key.checked_at)}` : null;
    const facts = [`project ${key.project}`, key.source === "environment" ? "from YOUTUBE_API_KEYS" : null, checked];
    return element(
      "li",
      { class: "row", "data-key": key.id },
      element("div", { class: "row-head" }, element("code", {}, key.masked), element("span", { class: `state ${key.state}` }, STATES[key.state])),
      element("p", { class: "note" }, facts.filter(Boolean).join(" · ")),
      key.reason ? element("p", { class: key.state === "invalid" ? "wrong" : "note" }, key.reason) : null,
      element("div", { class: "actions" }, button("Check", () => this.#check(key)), sureButton("Remove", `Remove ${key.masked} for good`, () => this.#remove(key))),
    );
  }

  #form() {
    const key = element("input", { type: "password", name: "key", autofocus: true, required: true, maxlength: 128, autocomplete: "off", spellcheck: "false" });
    const project = element("input", { name: "project", maxlength: 100, spellcheck: "false" });
    const fields = [
      field("YouTube API key", key, "It is checked at once, stored encrypted, and never shown again."),
      field("Project, if you like", project, "Keys of the same project share its quota of searches."),
    ];
    return sendingForm("Add key", fields, async (form) => {
      const named = project.value.trim();
      const added = await change("POST", "/add_api_key", { key: key.value.trim(), ...(named && { project: named }) });
      form.reset();
      await this.#changed();
      return outcome(added);
    });
  }

  #check(key) {
    return saying(this.#said, async () => {
      const checked = await change("POST", `/api_keys/${encodeURIComponent(key.id)}/check`);
      await this.#changed();
      return outcome(checked);
    });
  }

  #remove(key) {
    return saying(this.#said, async () => {
      await change("DELETE", `/api_keys/${encodeURIComponent(key.id)}`);
      focusForm(); // the button that had the focus goes
      await this.#changed();
      return `${key.masked} is removed`;
    });
  }

  async #changed() {
    await this.refresh();
    this.onChange();
  }
}

const outcome = ({ masked, state }) => [`${masked}: ${STATES[state].toLowerCase()}`, state];

function rule() {
  return element(
    "p",
    { class: "rule" },
    "YouTube allows one project per API client: several keys are for replacing one within your own project, or for who holds an exemption (",
    outward("developer policies, III.D.1.c", POLICY),
    ").",
  );
}
