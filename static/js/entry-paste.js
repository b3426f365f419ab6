// A block from a spreadsheet: shown before anything changes, then put in cell by cell.

/** Rows and columns of pasted text; a last empty line is none. */
function block(text) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.split("\t").map((cell) => cell.trim()));
}

/**
 * Show what a pasted block would change from the cell at (row, column) on, and put it in if told to.
 * rows: fields by line; put(field, text) stores one; back: where the focus returns.
 */
export function offerPaste({ text, rows, row, column, place, isScore, fill, put, back, empty }) {
  const changes = [];
  const refused = [];
  let outside = 0;
  let same = 0;
  block(text).forEach((line, r) =>
    line.forEach((value, c) => {
      const field = rows[row + r]?.[column + c];
      if (!field) outside += value ? 1 : 0;
      else if (!isScore(value.toLowerCase())) refused.push([field, value]);
      else if (value.toLowerCase() === field.value) same += 1;
      else changes.push([field, value.toLowerCase()]);
    }),
  );
  if (changes.length === 1 && !refused.length && !outside && !same) {
    put(...changes[0]);
    return;
  }
  const facts = (field) => ({ name: field.dataset.name, code: field.dataset.code });
  const list = document.createElement("ul");
  const add = (sentence, kind) => {
    const item = document.createElement("li");
    item.textContent = sentence;
    if (kind) item.className = kind;
    list.append(item);
  };
  for (const [field, value] of refused) add(fill(place.dataset.bad, { ...facts(field), text: value }), "field-error");
  for (const [field, value] of changes) add(fill(place.dataset.row, { ...facts(field), from: field.value || empty, to: value || empty }));
  if (same) add(fill(place.dataset.same, { n: same }));
  if (outside) add(fill(place.dataset.over, { n: outside }), "field-error");

  const title = document.createElement("h2");
  title.textContent = fill(place.dataset.title, { n: changes.length });
  title.tabIndex = -1;
  const buttons = document.createElement("div");
  buttons.className = "row";
  const button = (label, act, kind) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.dataset.size = "dense";
    if (kind) made.dataset.kind = kind;
    made.textContent = label;
    made.addEventListener("click", () => {
      close();
      act();
      back.focus();
    });
    buttons.append(made);
    return made;
  };
  const close = () => {
    place.hidden = true;
    place.replaceChildren();
  };
  const apply = button(place.dataset.apply, () => changes.forEach(([field, value]) => put(field, value)));
  apply.disabled = changes.length === 0;
  button(place.dataset.cancel, () => {}, "quiet");
  place.className = "panel-card";
  place.replaceChildren(title, list, buttons);
  place.hidden = false;
  place.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
    back.focus();
  };
  (apply.disabled ? title : apply).focus();
}
