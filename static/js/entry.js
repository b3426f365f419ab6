// The entry grid by hand: one digit a learner and the focus moves on; arrows, letters, a phone's keyboard, a paste.
import { draw, put, undo } from "./entry-cells.js";
import { fields, fill, form, go, held, isScore, isShown, placeOf, rows, side, top, words } from "./entry-grid.js";
import { offerPaste } from "./entry-paste.js";
import { describe, openNote, tally } from "./entry-side.js";
import { awaitsPlace, keysAreOn, pressKey } from "./shell.js";
import { say } from "./status.js";

// Moving

function down(field) {
  const [row, column] = placeOf(field);
  const next = rows.slice(row + 1).map((line) => line[column]).find(isShown);
  if (next) {
    go(next);
    return;
  }
  const left = fields.filter((other) => !other.value).length;
  field.select();
  say(left ? fill(words.sayColumn, { code: field.dataset.code, n: left }) : words.sayFull);
}

function move(field, key) {
  const [row, column] = placeOf(field);
  const shown = rows.map((line) => line[column]).filter(isShown);
  const at = shown.indexOf(field);
  const toEnd = (key === "ArrowRight") === (document.dir !== "rtl") ? 1 : -1;
  const moves = {
    ArrowUp: () => shown[at - 1],
    ArrowDown: () => shown[at + 1],
    ArrowLeft: () => rows[row][column + toEnd],
    ArrowRight: () => rows[row][column + toEnd],
    Home: () => rows[row][0],
    End: () => rows[row].at(-1),
  };
  const next = moves[key]();
  if (next) go(next);
}

/** The next empty cell below, then from the top of this column, then anywhere. */
function nextEmpty(field) {
  const [row, column] = placeOf(field);
  const inColumn = [...rows.slice(row + 1), ...rows.slice(0, row)].map((line) => line[column]);
  const found = [...inColumn, ...fields].find((other) => !other.value && isShown(other) && other !== field);
  if (found) go(found);
  else say(words.sayFull);
}

const onlyEmpty = side?.querySelector("[data-only-empty]");

/** Lines that are full step out of the way; pressed again, they come back. */
function toggleEmpty(field) {
  const isOn = onlyEmpty.getAttribute("aria-pressed") !== "true";
  onlyEmpty.setAttribute("aria-pressed", String(isOn));
  for (const line of rows) line[0].closest("tr").hidden = isOn && line.every((other) => other.value);
  const shown = rows.filter((line) => isShown(line[0])).length;
  say(isOn ? fill(words.sayOnlyEmpty, { n: shown }) : words.sayAllLines);
  if (!isShown(field)) nextEmpty(field);
}

// Keys

const ARROWS_AND_ENDS = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"]);
const LETTERS = { u: undo, n: nextEmpty, c: openNote, o: toggleEmpty };
const isSelected = (field) => field.selectionStart !== field.selectionEnd;

/** Keys with a meaning of their own; returns whether the key was one. */
function act(field, event) {
  const { key } = event;
  if (key === "Enter") {
    if (put(field, field.value)) down(field);
    return true;
  }
  if (key === "Escape") {
    field.value = held(field);
    field.select();
    return true;
  }
  if (event.altKey) return false;
  if (event.ctrlKey || event.metaKey) {
    if (key !== "z") return false;
    undo();
    return true;
  }
  if (ARROWS_AND_ENDS.has(key) && !event.shiftKey) {
    if (put(field, field.value)) move(field, key);
    return true;
  }
  if (key === "Backspace" || key === "Delete") {
    if (top && !isSelected(field)) return false;
    put(field, "");
    return true;
  }
  if (key.length !== 1) return false;
  if (awaitsPlace() && pressKey(key)) return true;
  const letter = key.toLowerCase();
  const isWhole = letter === "x" || (!top && /^[1-4]$/.test(letter));
  // A full stop is "not seen", but inside a number of points it is the decimal point.
  if (isWhole || (letter === "." && (!top || !field.value || isSelected(field)))) {
    if (put(field, letter)) down(field);
    return true;
  }
  if (Object.hasOwn(LETTERS, letter)) {
    if (keysAreOn()) LETTERS[letter](field);
    return true;
  }
  if (top && /^[\d.,]$/.test(letter)) return false;
  if (keysAreOn()) pressKey(key); // no cell takes other letters: they mean what they mean everywhere
  return true;
}

function fieldOf(event) {
  return event.target.closest(".entry-field");
}

if (form) {
  let current = null; // the cell that the buttons beside the grid are about
  form.addEventListener("keydown", (event) => {
    const field = fieldOf(event);
    if (field && !event.isComposing && act(field, event)) event.preventDefault();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("focusin", (event) => {
    const field = fieldOf(event);
    if (!field) return;
    current = field;
    describe(field);
    draw(field);
    const was = field.value; // what is typed before the next frame is not selected, or the next digit would take its place
    requestAnimationFrame(() => document.activeElement === field && field.value === was && field.select());
  });
  form.addEventListener("focusout", (event) => {
    const field = fieldOf(event);
    if (field) put(field, field.value);
  });
  // A phone's keyboard sends input, not keys: one digit is enough there too.
  form.addEventListener("input", (event) => {
    const field = fieldOf(event);
    if (!field || !field.value || top || !/^[1-4x.]$/i.test(field.value)) return;
    if (put(field, field.value)) down(field);
  });
  form.addEventListener("paste", (event) => {
    const field = fieldOf(event);
    const text = event.clipboardData.getData("text/plain");
    if (!field || !text) return;
    event.preventDefault();
    const shown = rows.filter((line) => isShown(line[0]));
    const row = shown.findIndex((line) => line.includes(field));
    const place = side.querySelector("[data-paste]");
    offerPaste({ text, rows: shown, row, column: shown[row].indexOf(field), place, isScore, fill, put, back: field, empty: words.wordEmpty });
  });
  side.querySelector("[data-undo-cell]").addEventListener("click", undo);
  onlyEmpty.addEventListener("click", () => toggleEmpty(current ?? fields[0]));
  for (const field of fields) {
    // Typed before this script was there to hear it; of a number of points the rest may still come, until the cell is left.
    const isTyped = field.value !== held(field) && !(top && field === document.activeElement);
    if (isTyped) put(field, field.value);
    else draw(field);
  }
  tally();
  // Down the columns, as keys go: whoever comes back goes on below what stands there, not in the next column.
  const cells = (rows[0] ?? []).flatMap((_field, column) => rows.map((line) => line[column]));
  const first = cells.find((field) => !field.value) ?? fields[0];
  if (first) go(first);
}
