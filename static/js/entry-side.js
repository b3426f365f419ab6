// Beside the grid: what a level looks like, the line of feedback, and how the levels spread so far.
import { byKey, clock, fields, fill, form, go, keyOf, nameOf, side, top, words } from "./entry-grid.js";
import { say } from "./status.js";

const SVG = "http://www.w3.org/2000/svg";
const noteField = side?.querySelector("#note-text");

/** Show what belongs to the cell that holds the focus. */
export function describe(field) {
  const { standard, code, shown } = field.dataset;
  for (const part of side.querySelectorAll("[data-rubric]")) part.hidden = part.dataset.rubric !== standard;
  side.querySelector("[data-about-name]").textContent = nameOf(field);
  const level = side.querySelector("[data-about-level]");
  level.hidden = false;
  level.dataset.level = shown || "none";
  level.textContent = shown || words.wordNoResult;
  showWas(standard, code);
  if (noteField.dataset.for === keyOf(field)) return;
  noteField.value = field.dataset.note;
  noteField.dataset.for = keyOf(field);
}

/** The column "Was" follows the standard that is being entered. */
function showWas(standard, code) {
  const head = form.querySelector("[data-was-code]");
  if (head.textContent === code) return;
  head.textContent = code;
  for (const field of fields) {
    if (field.dataset.standard !== standard) continue;
    const was = field.closest("tr").querySelector("[data-was]");
    was.className = field.dataset.shown ? "level-plain" : "hint";
    was.textContent = field.dataset.shown || "–";
    if (field.dataset.shown) was.dataset.level = field.dataset.shown;
    else delete was.dataset.level;
  }
}

export function openNote(field) {
  describe(field);
  noteField.focus();
  noteField.select();
}

function backToCell() {
  const field = byKey.get(noteField.dataset.for);
  if (field) go(field);
}

async function saveNote(event) {
  event.preventDefault();
  const field = byKey.get(noteField.dataset.for);
  if (!field) return;
  const body = new FormData(event.target);
  body.set("learner", field.dataset.learner);
  body.set("standard", field.dataset.standard);
  let answer;
  let said;
  try {
    answer = await fetch(words.noteUrl, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
    said = await answer.json();
  } catch {
    say(words.sayNoteKept, { state: "danger" });
    return;
  }
  if (!answer.ok) {
    say(said.why, { state: "danger" });
    return;
  }
  field.dataset.note = said.text;
  mark(field);
  if (document.activeElement === noteField || document.activeElement === document.body) go(field);
  say(fill(words.saySaved, { at: clock() }));
}

/** A cell with a line of feedback says so, for readers in its description. */
export function mark(field) {
  const cell = field.closest(".entry-cell");
  if (field.dataset.note) {
    cell.dataset.note = "";
    field.setAttribute("aria-description", field.dataset.note);
  } else {
    delete cell.dataset.note;
    field.removeAttribute("aria-description");
  }
}

/** Count the levels of every standard, above its column and as a bar. */
export function tally() {
  for (const part of side.querySelectorAll("[data-tally]")) {
    const mine = fields.filter((field) => field.dataset.standard === part.dataset.tally);
    const count = (text) => mine.filter((field) => field.value === text).length;
    const [excused, notSeen, empty] = [count("x"), count("."), count("")];
    const levels = top ? [] : part.dataset.words.split("|").map((word, place) => ({ level: place + 1, word, n: count(String(place + 1)) })).reverse();
    const said = levels.filter(({ n }) => n).map(({ n, word }) => `${n} ${word}`);
    if (excused) said.push(fill(words.sayExcused, { n: excused }));
    if (notSeen) said.push(fill(words.sayNotSeen, { n: notSeen }));
    if (empty) said.push(fill(words.sayToGo, { n: empty }));
    part.querySelector("[data-tally-words]").textContent = said.join(", ");
    if (!top) drawBar(part.querySelector(".level-bar"), levels, mine.length);
    const parts = [fill(words.sayIn, { n: mine.length - empty - notSeen })];
    if (notSeen) parts.push(fill(words.sayNotSeen, { n: notSeen }));
    if (empty) parts.push(fill(words.sayToGo, { n: empty }));
    form.querySelector(`[data-column="${part.dataset.tally}"] [data-count]`).textContent = parts.join(", ");
  }
}

function drawBar(bar, levels, total) {
  let x = 0;
  const parts = levels.filter(({ n }) => n).map(({ level, n }) => {
    const part = document.createElementNS(SVG, "rect");
    part.dataset.level = level;
    part.setAttribute("x", x);
    part.setAttribute("y", 0);
    part.setAttribute("width", (100 * n) / total);
    part.setAttribute("height", 8);
    x += (100 * n) / total;
    return part;
  });
  bar.replaceChildren(...parts);
}

if (form) {
  noteField.form.addEventListener("submit", saveNote);
  noteField.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    noteField.value = byKey.get(noteField.dataset.for)?.dataset.note ?? "";
    backToCell();
  });
  for (const field of fields) mark(field);
}
