// The one dialog that subjects and keys are managed in, and the parts that both have.

import { button, byId, element } from "/page/dom.js";

/** Opens the dialog with a title and a body. `onClose` is called when it is closed. */
export function openDialog(title, body, onClose = () => {}) {
  const dialog = byId("dialog");
  byId("dialog-title").textContent = title;
  dialog.querySelector(".dialog-body").replaceChildren(body);
  dialog.querySelector(".close").onclick = () => dialog.close();
  dialog.addEventListener("close", onClose, { once: true });
  if (!dialog.open) dialog.showModal();
}

/** Puts the focus on the first field of the dialog. */
export const focusForm = () => byId("dialog").querySelector("input").focus();

/** A labelled field with a note on what it takes. */
export function field(label, control, note) {
  const id = `note-${control.name}`;
  if (note) control.setAttribute("aria-describedby", id);
  return element("div", { class: "field" }, element("label", {}, label, control), note ? element("p", { class: "note", id }, note) : null);
}

/** A form that is sent once at a time. `send(form)` gives what to say afterwards; what goes wrong is said as well. */
export function sendingForm(label, fields, send) {
  const said = element("p", { class: "said", role: "status" });
  const submit = element("button", { class: "primary" }, label);
  const form = element("form", { class: "stack", autocomplete: "off" }, ...fields, element("div", { class: "actions" }, submit, said));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // A button that is disabled would lose the focus.
    if (submit.ariaDisabled === "true") return;
    submit.ariaDisabled = "true";
    await saying(said, () => send(form));
    submit.ariaDisabled = "false";
  });
  return form;
}

/** A button that does it at the second press, within five seconds, because it cannot be undone. */
export function sureButton(label, sure, act) {
  const made = button(label, () => {
    if (made.textContent === sure) return act();
    made.textContent = sure;
    setTimeout(() => (made.textContent = label), 5000);
    return undefined;
  }, { class: "danger" });
  return made;
}

/** Does it, and writes into `place` what it gives, a text or `[text, class]`, or what was wrong. */
export async function saying(place, act) {
  place.className = "said";
  place.textContent = "…";
  try {
    const [text, ...classes] = [(await act()) ?? ""].flat();
    place.textContent = text;
    place.classList.add(...classes);
  } catch (error) {
    place.textContent = error.advice ?? error.message;
    place.classList.add("wrong");
  }
}
