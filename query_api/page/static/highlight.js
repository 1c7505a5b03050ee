// Highlights come as HTML in which all but <mark> is escaped. They are read, and never given to the HTML parser.

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'", "#34": '"' };

/** A highlight as nodes: text, and <mark> elements with text. */
export function marked(html) {
  const [before, ...rest] = html.split("<mark>");
  const nodes = [text(before)];
  for (const part of rest) {
    const [inside, after = ""] = part.split("</mark>");
    const mark = document.createElement("mark");
    mark.append(text(inside));
    nodes.push(mark, text(after));
  }
  return nodes;
}

function text(escaped) {
  return document.createTextNode(escaped.replace(/&(#?\w+);/g, (whole, name) => ENTITIES[name] ?? whole));
}
