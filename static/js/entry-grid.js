// The entry grid as the page brought it: its fields by line and by cell, its sentences, and what counts as a score.

export const form = document.querySelector("[data-entry]");
export const words = form?.dataset ?? {};
export const top = words.top ?? "";
export const side = document.querySelector("#panel");

export const rows = form ? [...form.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll(".entry-field")]) : [];
export const fields = rows.flat();
export const keyOf = (field) => `${field.dataset.learner}.${field.dataset.standard}`;
export const byKey = new Map(fields.map((field) => [keyOf(field), field]));

/** The text that a cell holds for its writer: typed and perhaps not saved yet, else saved. */
export const held = (field) => field.dataset.typed ?? field.dataset.saved;
export const nameOf = (field) => `${field.dataset.name}, ${field.dataset.code}`;

export const fill = (sentence, facts) => sentence.replace(/%\((\w+)\)s/g, (_all, name) => facts[name] ?? "");
export const clock = () => {
  const now = new Date();
  return `${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}`; // as the server writes times
};

/** What the server will take, so that a slip is said at once; the server judges again. */
export function isScore(text) {
  if (text === "" || text === "x" || text === ".") return true;
  if (!top) return /^[1-4]$/.test(text) || /^[1-3][.,]\d{1,2}$/.test(text);
  return /^\d{1,4}([.,]\d{1,2})?$/.test(text) && Number(text.replace(",", ".")) <= Number(top);
}

export function go(field) {
  field.focus();
  field.select();
}

export const isShown = (field) => !field.closest("tr").hidden;

/** [line, column] of a field. */
export function placeOf(field) {
  const row = rows.findIndex((line) => line.includes(field));
  return [row, rows[row].indexOf(field)];
}
