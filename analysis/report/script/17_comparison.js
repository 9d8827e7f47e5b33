// The comparison of all cells.
// The table shows as many columns as its width holds; what folds lies under each row and opens with it.
import { make, cells } from "./01_base.js";
import { fitted } from "./05_draw.js";
import { comparisonColumns } from "./16_columns.js";

function comparisonTable() {
  const all = comparisonColumns();
  const head = make("tr");
  const body = make("tbody");
  const element = make("table", { id: "comparison" }, make("thead", {}, head), body);
  const scroll = make("div", { class: cells.length > 24 ? "scroll tall" : "scroll" }, element);
  let columns = all;
  let sorted = { column: null, falling: false };
  const opened = new Set();

  const ordered = () => {
    if (!sorted.column) return cells;
    const value = (c) => {
      const v = sorted.column.by(c);
      return v === null || Number.isNaN(v) || v === "\u2013" ? null : v;
    };
    return [...cells].sort((a, b) => {
      const x = value(a);
      const y = value(b);
      if (x === null || y === null) return (x === null) - (y === null);
      return (x < y ? -1 : x > y ? 1 : 0) * (sorted.falling ? -1 : 1);
    });
  };
  const headOf = (k) => {
    const name = k.factor ? make("div", { class: "name" }, brokenName(k.head)) : k.head;
    const content = [name, k.unit ? make("small", {}, k.unit) : ""];
    const sort = () => {
      sorted = { column: k, falling: sorted.column === k && !sorted.falling };
      fill();
    };
    const order = sorted.column !== k ? null : sorted.falling ? "descending" : "ascending";
    return make(
      "th",
      { class: k.text ? "text" : null, scope: "col", "aria-sort": order },
      k.by ? make("button", { type: "button", title: "Sort", onclick: sort }, content) : content,
    );
  };
  const openers = (c, row) => {
    const show = () => {
      const open = opened.has(c);
      button.setAttribute("aria-expanded", String(open));
      if (open) row.after(foldedRow(c));
      else if (row.nextSibling && row.nextSibling.className === "folded") row.nextSibling.remove();
    };
    const button = make("button", {
      type: "button",
      class: "opener",
      "aria-label": "More of " + c.name,
      onclick: () => {
        if (!opened.delete(c)) opened.add(c);
        show();
      },
    });
    row.append(make("td", { class: "open" }, button));
    return show;
  };
  const foldedRow = (c) => {
    const hidden = all.filter((k) => !columns.includes(k) && !k.drawing && !(k.factor && c.bag_of_words));
    const pair = (k) => {
      const value = [k.show(c)].flat().filter((x) => x !== "");
      const name = k.head + (k.unit && !k.text ? " (" + k.unit + ")" : "");
      return value.length ? make("div", { class: "pair" }, make("span", {}, name), " ", value) : "";
    };
    return make("tr", { class: "folded" }, make("td", { colspan: columns.length + 1 }, hidden.map(pair)));
  };
  const rowOf = (c) => {
    const first = columns.filter((k) => k.factor).length;
    const cellOf = (k) => {
      const kind = [k.text ? "text" : "", k.kind ? k.kind(c) : ""].join(" ").trim() || null;
      const content = k.show(c);
      return make("td", { class: kind }, k.text && k.factor ? make("div", { class: "name" }, content) : content);
    };
    const shownColumns = c.bag_of_words ? columns.filter((k) => !k.factor) : columns;
    return make(
      "tr",
      { class: c.baseline ? "baseline" : null },
      c.bag_of_words ? make("td", { class: "text", colspan: first }, make("div", { class: "name" }, c.name)) : "",
      shownColumns.map(cellOf),
    );
  };
  const fill = () => {
    const folds = columns.length < all.length;
    head.replaceChildren(...columns.map(headOf), ...(folds ? [make("th", { class: "open" })] : []));
    const rows = ordered().map((c) => [c, rowOf(c)]);
    body.replaceChildren(...rows.map(([, row]) => row));
    if (folds) rows.map(([c, row]) => openers(c, row)).forEach((show) => show());
  };
  // One layout tells every column's own width; then those of the lowest ranks that fit together stay.
  fitted.push((room) => {
    columns = all;
    fill();
    element.classList.add("measured");
    const width = new Map(all.map((k, i) => [k, head.children[i].getBoundingClientRect().width]));
    const style = getComputedStyle(scroll);
    const inside = scroll.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    let left = room === undefined ? Math.floor(inside) : room;
    element.classList.remove("measured");
    const sum = [...width.values()].reduce((a, b) => a + b, 0);
    if (sum <= left) return;
    left -= 36; // what opens a row
    let stays = true;
    const kept = [...all]
      .sort((a, b) => a.rank - b.rank)
      .filter((k, i) => {
        left -= width.get(k);
        stays &&= i < 2 || left >= 0; // the metric and one more are always there
        return stays;
      });
    columns = all.filter((k) => kept.includes(k));
    fill();
  });
  fill();
  return scroll;
}

// A long name may break behind its dots and underscores.
const brokenName = (name) => name.split(/(?<=[._])/).flatMap((part, i) => (i ? [make("wbr"), part] : [part]));

export { comparisonTable };
