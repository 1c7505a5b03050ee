// The admin token: asked for when a change needs it, kept until this tab is closed.

import { button, byId, element } from "/page/dom.js";

const PLACE = "topicreel-admin-token";
// A header takes no more, and fetch throws for the rest.
const PRINTABLE = /^[ -~]+$/;

/** The token that was given in this tab, or null. */
export const knownToken = () => sessionStorage.getItem(PLACE);

/** Forgets it, as after a refusal. */
export const forgetToken = () => sessionStorage.removeItem(PLACE);

/** Asks for the token; gives whether there is one now. */
export function askToken(wasRefused) {
  const dialog = byId("token-dialog");
  return new Promise((resolve) => {
    dialog.replaceChildren(...contents(dialog, wasRefused));
    dialog.addEventListener("close", () => resolve(knownToken() !== null), { once: true });
    dialog.showModal();
  });
}

function contents(dialog, wasRefused) {
  const field = element("input", { type: "password", name: "token", required: true, autocomplete: "off", "aria-describedby": "token-note" });
  const said = element("p", { class: "said wrong", role: "alert" }, wasRefused ? "That was not the right token." : "");
  const keep = (event) => {
    event.preventDefault();
    const token = field.value.trim();
    if (!PRINTABLE.test(token)) return wrong(said, field);
    sessionStorage.setItem(PLACE, token);
    dialog.close();
    return undefined;
  };
  const form = element(
    "form",
    { class: "stack", on: { submit: keep } },
    element("p", { id: "token-note" }, "Changes need the ADMIN_TOKEN that this service was started with. It is kept until you close this tab."),
    said,
    element("label", {}, "Admin token ", field),
    element("div", { class: "actions" }, element("button", { class: "primary" }, "Continue"), button("Cancel", () => dialog.close())),
  );
  return [element("div", { class: "dialog-head" }, element("h2", { id: "token-title" }, "Admin token")), element("div", { class: "dialog-body" }, form)];
}

function wrong(said, field) {
  said.textContent = "A token has only letters from A to Z, digits and the signs of a plain keyboard.";
  field.select();
}
