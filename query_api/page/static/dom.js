// Builds elements. Text only ever becomes text: titles and names are written by strangers.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with these attributes and children (nodes or text; null is left out). `on` holds event listeners; an
 * attribute that is true stands without a value, one that is false, null or undefined is left out.
 */
export function element(tag, { on = {}, ...attributes } = {}, ...children) {
  return furnish(document.createElement(tag), attributes, on, children);
}

/** The same for a part of an SVG picture. */
export function shape(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS(SVG, tag), attributes, {}, children);
}

function furnish(made, attributes, listeners, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  for (const [type, listener] of Object.entries(listeners)) made.addEventListener(type, listener);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A button that does something, and sends no form. */
export function button(text, onClick, attributes = {}) {
  return element("button", { type: "button", ...attributes, on: { click: onClick } }, text);
}

/** Puts `rows` in the place of a list's. The focus stays on the button of the same value, or else at the same place. */
export function refill(list, rows) {
  const buttons = () => [...list.querySelectorAll("button")];
  const [place, value] = [buttons().indexOf(document.activeElement), document.activeElement.value];
  list.replaceChildren(...rows);
  if (place === -1) return;
  const found = buttons().find((each) => each.value === value) ?? buttons()[place] ?? buttons().at(-1);
  (found ?? byId("results")).focus({ preventScroll: true });
}

/** A link to another site, in a tab of its own. */
export function outward(text, href, attributes = {}) {
  return element("a", { href, target: "_blank", rel: "noopener", ...attributes }, text);
}

/** The element with this id. */
export const byId = (id) => document.getElementById(id);
