// The public API of the service, and nothing else, is what the page talks to.

import { askToken, forgetToken, knownToken } from "/page/token.js";

/** What is known of the service from its answers. */
export const service = { simulated: false };

/** An error answer (RFC 9457). `status` is 0 when there was no answer at all. */
export class Problem extends Error {
  constructor(status, body) {
    const text = body.detail ?? body.title ?? `the service answered ${status}`;
    // What begins with the name of a parameter keeps it as it is.
    super(body.errors ? text : capitalized(text));
    this.status = status;
    this.errors = body.errors ?? [];
  }

  /** What was wrong and, where that is known, what is accepted instead. */
  get advice() {
    const accepted = this.errors.map((error) => error.accepted).filter(Boolean);
    return accepted.length ? `${this.message}. Accepted: ${accepted.join("; ")}` : this.message;
  }
}

/** A path with the parameters that have a value. */
export function address(path, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

/** What a GET answers. Raises Problem, or AbortError after `signal`. */
export async function read(path, parameters = {}, signal = undefined) {
  return bodyOf(await send(address(path, parameters), { signal }));
}

/** What a change answers; asks for the admin token where the service wants one. Raises Problem. */
export async function change(method, path, body = undefined) {
  for (;;) {
    const token = knownToken();
    const response = await send(path, { method, headers: headersOf(token), body: body && JSON.stringify(body) });
    if (response.status !== 401) return bodyOf(response);
    forgetToken();
    if (!(await askToken(token !== null))) throw new Problem(401, { detail: "nothing was changed: the admin token is needed" });
  }
}

const capitalized = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function headersOf(token) {
  const headers = { "Content-Type": "application/json" };
  return token === null ? headers : { ...headers, Authorization: `Bearer ${token}` };
}

async function send(url, options) {
  try {
    const response = await fetch(url, { cache: "no-cache", ...options });
    service.simulated = response.headers.get("X-Simulated") !== null;
    return response;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { detail: "the service cannot be reached: is it running?" });
  }
}

async function bodyOf(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(response.status, body);
  return body;
}
