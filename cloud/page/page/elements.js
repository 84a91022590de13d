/** Elements of a page, made from data. Words go in as text only, so what a device calls itself cannot become markup. */

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

export function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}

/** An element of a drawing. */
export function drawing(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** A whole drawing, `width` by `height` of its own units, with the words that stand for it to who does not see it. */
export function picture({ width, height, words }) {
  return drawing("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words });
}

/** Words in a drawing. */
export function caption(words, attributes) {
  const made = drawing("text", attributes);
  made.textContent = words;
  return made;
}

/** What a pointer that rests on part of a drawing is told. */
export function hint(words) {
  const made = drawing("title", {});
  made.textContent = words;
  return made;
}

/** `tone` is `good`, `wait` or `bad`. */
export function badge(words, tone) {
  return setBadge(element("span", { className: "badge" }), words, tone);
}

export function setBadge(target, words, tone) {
  target.textContent = words;
  target.dataset.tone = tone;
  return target;
}

/** Pairs of name and value into a `dl`. */
export function fillList(list, pairs) {
  list.replaceChildren(
    ...pairs.map(([name, value]) => {
      const row = element("div");
      row.append(element("dt", { textContent: name }), element("dd", { textContent: value }));
      return row;
    }),
  );
}

/** Rows of words or elements into a `table`. */
export function fillTable(table, heads, rows) {
  const head = element("thead");
  head.appendChild(element("tr")).append(...heads.map((words) => element("th", { scope: "col", textContent: words })));
  const body = element("tbody");
  body.append(...rows.map(tableRow));
  table.replaceChildren(head, body);
}

function tableRow(contents) {
  const row = element("tr");
  row.append(
    ...contents.map((content) => {
      const cell = element("td");
      cell.append(content);
      return cell;
    }),
  );
  return row;
}
