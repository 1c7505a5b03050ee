// The same search to be read elsewhere: as a feed, or as a file of everything.

import { address } from "/page/api.js";
import { byId } from "/page/dom.js";

/** Lets the links lead to what is asked for. */
export function showTake(asked) {
  byId("take-feed").href = address("/feed.atom", asked);
  byId("take-csv").href = address("/export", { ...asked, format: "csv" });
}
