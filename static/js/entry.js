// The entry grid: one hand on the keys, every cell saved by itself, nothing typed is ever lost.
import { Queue } from "./entry-queue.js";
import { offerPaste } from "./entry-paste.js";
import { keysAreOn } from "./shell.js";
import { say } from "./status.js";

const form = document.querySelector("[data-entry]");
const UNDO_MOST = 50;
const words = form?.dataset ?? {};
const top = words.top ?? "";
const panel = document.querySelector("#panel");

const fill = (sentence, facts) => sentence.replace(/%\((\w+)\)s/g, (_all, name) => facts[name] ?? "");
const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });

const rows = form ? [...form.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll(".entry-field")]) : [];
const fields = rows.flat();
const byKey = new Map(fields.map((field) => [key(field), field]));
const undos = [];
let lastSaved = "";

function key(field) {
  return `${field.dataset.learner}.${field.dataset.standard}`;
}

// One cell

function isScore(text) {
  if (text === "" || text === "x" || text === ".") return true;
  if (!top) return /^[1-4]$/.test(text) || (/^[1-3][.,]\d{1,2}$/.test(text));
  return /^\d{1,4}([.,]\d{1,2})?$/.test(text) && Number(text.replace(",", ".")) <= Number(top);
}

function stateOf(text) {
  if (text === "x") return "excused";
  if (text === ".") return "not-seen";
  return text ? "saved" : "";
}

const WORDS = {
  saved: () => "",
  saving: () => words.wordSaving,
  excused: () => words.wordExcused,
  "not-seen": () => words.wordNotSeen,
  unsaved: () => words.wordUnsaved,
  conflict: () => words.wordConflict,
};

/** Draw what a cell holds: tone, state, note and the name that readers hear. */
function draw(field, state) {
  const cell = field.closest(".entry-cell");
  const box = field.closest(".entry-box");
  const text = field.value;
  if (!top && /^[1-4]$/.test(text)) box.dataset.level = text;
  else delete box.dataset.level;
  cell.dataset.state = state;
  const note = cell.querySelector(".entry-note");
  note.textContent = state ? WORDS[state]() : document.activeElement === field ? words.wordHint : "";
  const value = text === "x" ? words.wordExcused : text === "." ? words.wordNotSeen : text ? fill(words.wordOf, { n: text, top: top || "4" }) : words.wordEmpty;
  const said = [field.dataset.name, field.dataset.code, value];
  if (state === "saved") said.push(words.wordSaved);
  else if (["saving", "unsaved", "conflict"].includes(state)) said.push(WORDS[state]());
  field.setAttribute("aria-label", said.join(", "));
}

function put(field, text, { remember = true } = {}) {
  text = text.trim().toLowerCase();
  if (!isScore(text)) {
    say(fill(words.sayRefused, { text }), { state: "danger" });
    field.value = field.dataset.typed ?? field.dataset.saved;
    draw(field, field.closest(".entry-cell").dataset.state);
    return false;
  }
  const before = field.dataset.typed ?? field.dataset.saved;
  field.value = text;
  if (text === before) {
    draw(field, currentState(field));
    return true;
  }
  if (remember) {
    undos.push({ key: key(field), text: before });
    if (undos.length > UNDO_MOST) undos.shift();
  }
  field.dataset.typed = text;
  closeConflict(key(field));
  send(field);
  return true;
}

function currentState(field) {
  if (field.dataset.typed !== undefined) return "saving";
  return stateOf(field.dataset.saved);
}

function send(field, { replaces = field.dataset.id || null, attempt = field.dataset.attempt } = {}) {
  draw(field, "saving");
  queue.add(key(field), {
    learner: Number(field.dataset.learner),
    standard: Number(field.dataset.standard),
    text: field.dataset.typed ?? field.value,
    replaces: replaces === null ? null : Number(replaces),
    attempt: Number(attempt),
  });
  tally();
}

function settle(cellKey, cell, outcome) {
  const field = byKey.get(cellKey);
  if (outcome.state === "saved") {
    if (outcome.id) field.dataset.id = outcome.id;
    field.dataset.attempt = cell.attempt;
    field.dataset.saved = cell.text;
    lastSaved = clock();
    const again = queue.waiting.get(cellKey);
    if (again) {
      again.replaces = outcome.id ?? again.replaces; // typed over while it was on its way: it corrects what was just saved
      return;
    }
    delete field.dataset.typed;
    draw(field, stateOf(cell.text));
    document.dispatchEvent(new CustomEvent("lrm:saved"));
  } else if (outcome.state === "conflict") {
    queue.drop(cellKey);
    if (outcome.theirs) openConflict(field, cell, outcome.theirs);
    else send(field, { replaces: null });
  } else {
    draw(field, "unsaved");
    say(`${field.dataset.name}, ${field.dataset.code}: ${outcome.why}`, { state: "danger" });
  }
}

const queue = new Queue({
  send: async (cells) => {
    const answer = await fetch(words.cellsUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
      body: JSON.stringify({ cells }),
      redirect: "error",
    });
    if (answer.status === 400) {
      const { why } = await answer.json();
      return cells.map(() => ({ state: "refused", why }));
    }
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).cells;
  },
  settle,
  changed: (now) => {
    for (const [cellKey] of now.waiting) {
      const field = byKey.get(cellKey);
      if (now.trouble) draw(field, "unsaved");
    }
    if (now.trouble) say(fill(words.sayTrying, { n: now.size }), { state: "danger" });
    else if (now.size) say(fill(words.saySaving, { n: now.size, at: lastSaved || clock() }));
    else if (lastSaved && !panel.querySelector("[data-conflict]")) say(fill(words.saySaved, { at: lastSaved }));
  },
});

// Two answers

function closeConflict(cellKey) {
  panel.querySelector(`[data-conflict="${cellKey}"]`)?.remove();
}

function openConflict(field, cell, theirs) {
  const place = panel.querySelector("[data-conflicts]");
  const facts = { mine: cell.text || words.wordEmpty, theirs: theirs.text || words.wordEmpty, by: theirs.by || "?", at: theirs.at };
  draw(field, "conflict");
  closeConflict(key(field));
  const card = document.createElement("section");
  card.className = "panel-card";
  card.dataset.conflict = key(field);
  card.setAttribute("role", "group");
  card.setAttribute("aria-label", `${field.dataset.name}, ${field.dataset.code}`);
  const title = document.createElement("h2");
  title.textContent = `${field.dataset.name}, ${field.dataset.code}`;
  const question = document.createElement("p");
  question.textContent = fill(place.dataset.question, facts);
  const row = document.createElement("div");
  row.className = "row";
  const answers = [
    [place.dataset.useMine, () => send(field, { replaces: theirs.id })],
    [place.dataset.useTheirs, () => take(field, theirs)],
  ];
  if (/^\d/.test(cell.text) && /^\d/.test(theirs.text)) {
    answers.push([place.dataset.both, () => send(field, { replaces: null, attempt: Number(field.dataset.attempt) + 1 })]);
  }
  for (const [label, act] of answers) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.dataset.size = "dense";
    button.textContent = fill(label, facts);
    button.addEventListener("click", () => {
      card.remove();
      act();
      field.focus();
    });
    row.append(button);
  }
  card.append(title, question, row);
  place.append(card);
  say(`${title.textContent}: ${question.textContent}`);
}

function take(field, theirs) {
  field.value = field.dataset.saved = theirs.text;
  field.dataset.id = theirs.id;
  delete field.dataset.typed;
  draw(field, stateOf(theirs.text));
  tally();
}

// Moving

function placeOf(field) {
  const row = rows.findIndex((line) => line.includes(field));
  return [row, rows[row].indexOf(field)];
}

const isShown = (field) => field.closest("tr").hidden === false;

function down(field) {
  const [row, column] = placeOf(field);
  const next = rows.slice(row + 1).map((line) => line[column]).find(isShown);
  if (next) {
    next.focus();
    next.select();
    return;
  }
  const left = fields.filter((other) => !other.value).length;
  field.select();
  say(left ? fill(words.sayColumn, { code: field.dataset.code, n: left }) : words.sayFull);
}

function move(field, key_) {
  const [row, column] = placeOf(field);
  const shown = rows.map((line) => line[column]).filter(isShown);
  const at = shown.indexOf(field);
  const side = (document.dir === "rtl") === (key_ === "ArrowLeft") ? 1 : -1;
  const next =
    key_ === "ArrowUp" ? shown[at - 1]
    : key_ === "ArrowDown" ? shown[at + 1]
    : key_ === "Home" ? rows[row][0]
    : key_ === "End" ? rows[row].at(-1)
    : rows[row][column + side];
  if (!next) return;
  next.focus();
  next.select();
}

function nextEmpty(field) {
  const [, column] = placeOf(field);
  const inColumn = rows.map((line) => line[column]).filter(isShown);
  const at = inColumn.indexOf(field);
  const found = [...inColumn.slice(at + 1), ...inColumn.slice(0, at)].find((other) => !other.value) ?? fields.find((other) => !other.value && isShown(other));
  if (found) {
    found.focus();
    found.select();
  } else {
    say(words.sayFull);
  }
}

function undo() {
  const last = undos.pop();
  if (!last) {
    say(words.sayNothing);
    return;
  }
  const field = byKey.get(last.key);
  put(field, last.text, { remember: false });
  field.focus();
  field.select();
  say(fill(words.sayUndone, { name: `${field.dataset.name}, ${field.dataset.code}` }));
}

let onlyEmpty = false;

function toggleEmpty(field) {
  onlyEmpty = !onlyEmpty;
  for (const line of rows) line[0].closest("tr").hidden = onlyEmpty && line.every((other) => other.value);
  if (!isShown(field)) nextEmpty(field);
}

// Keys

function commit(field) {
  return put(field, field.value);
}

function onKey(event) {
  const field = event.target.closest(".entry-field");
  if (!field || event.isComposing) return;
  const bare = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (["ArrowUp", "ArrowDown"].includes(event.key) || (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key) && bare && !event.shiftKey)) {
    event.preventDefault();
    if (commit(field)) move(field, event.key);
    return;
  }
  if (event.key === "Enter") {
    event.preventDefault();
    if (commit(field)) down(field);
    return;
  }
  if (event.key === "Escape") {
    field.value = field.dataset.typed ?? field.dataset.saved;
    field.select();
    return;
  }
  if (!bare) {
    if ((event.ctrlKey || event.metaKey) && event.key === "z") {
      event.preventDefault();
      undo();
    }
    return;
  }
  if (event.key === "Backspace" || event.key === "Delete") {
    if (!top || field.selectionStart !== field.selectionEnd) {
      event.preventDefault();
      put(field, "");
    }
    return;
  }
  if (!top && /^[1-4]$/.test(event.key)) {
    event.preventDefault();
    if (put(field, event.key)) down(field);
    return;
  }
  if (event.key.length !== 1) return;
  const letter = event.key.toLowerCase();
  if (letter === "x" || (letter === "." && (!top || !field.value || field.selectionStart !== field.selectionEnd || field.value === field.dataset.saved))) {
    event.preventDefault();
    if (put(field, letter)) down(field);
    return;
  }
  const acts = { u: undo, n: () => nextEmpty(field), c: () => openNote(field), o: () => toggleEmpty(field) };
  if (keysAreOn() && Object.hasOwn(acts, letter)) {
    event.preventDefault();
    acts[letter]();
    return;
  }
  if (!/^[\d.,]$/.test(event.key) || !top) event.preventDefault();
}

// Beside the grid

function openNote(field) {
  const note = panel.querySelector("#note-text");
  note.value = field.dataset.note;
  note.dataset.for = key(field);
  note.focus();
}

function describe(field) {
  for (const part of panel.querySelectorAll("[data-rubric]")) part.hidden = part.dataset.rubric !== field.dataset.standard;
  const about = panel.querySelector("[data-about]");
  about.hidden = false;
  about.querySelector("[data-about-name]").textContent = `${field.dataset.name}, ${field.dataset.code}`;
  about.querySelector("[data-about-note]").textContent = field.dataset.note ? `“${field.dataset.note}”` : "";
  panel.querySelector("#note-learner").value = field.dataset.learner;
  panel.querySelector("#note-standard").value = field.dataset.standard;
  const note = panel.querySelector("#note-text");
  if (note.dataset.for !== key(field)) {
    note.value = field.dataset.note;
    note.dataset.for = key(field);
  }
}

async function saveNote(event) {
  event.preventDefault();
  const target = event.target;
  const note = target.querySelector("#note-text");
  const field = byKey.get(note.dataset.for ?? "");
  const body = new FormData(target);
  if (field) {
    body.set("learner", field.dataset.learner);
    body.set("standard", field.dataset.standard);
  }
  let answer;
  try {
    answer = await fetch(words.noteUrl, { method: "POST", body, headers: { Accept: "application/json" } });
  } catch {
    say(fill(words.sayTrying, { n: 1 }), { state: "danger" });
    return;
  }
  const said = await answer.json();
  if (!answer.ok) {
    say(said.why, { state: "danger" });
    return;
  }
  if (field) {
    field.dataset.note = said.text;
    describe(field);
    field.focus();
    field.select();
  }
  say(fill(words.saySaved, { at: clock() }));
}

function tally() {
  for (const part of panel.querySelectorAll("[data-tally]")) {
    const mine = fields.filter((field) => field.dataset.standard === part.dataset.tally);
    const levels = part.dataset.words.split("|").map((word) => [word.slice(0, word.indexOf(" ")), word.slice(word.indexOf(" ") + 1)]);
    const said = top ? [] : levels.reverse().map(([level, word]) => [mine.filter((field) => field.value === level).length, word]).filter(([n]) => n).map(([n, word]) => `${n} ${word}`);
    const count = (text) => mine.filter((field) => field.value === text).length;
    if (count("x")) said.push(`${count("x")} ${words.wordExcused}`);
    if (count(".")) said.push(`${count(".")} ${words.wordNotSeen}`);
    if (count("")) said.push(`${count("")} ${words.wordEmpty}`);
    part.querySelector("[data-tally-words]").textContent = said.join(", ");
    const head = form.querySelector(`[data-column="${part.dataset.tally}"] [data-count]`);
    if (head) head.textContent = `${mine.length - count("")} / ${mine.length}`;
  }
}

if (form) {
  form.addEventListener("keydown", onKey);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("focusin", (event) => {
    const field = event.target.closest(".entry-field");
    if (!field) return;
    describe(field);
    if (!field.value) field.closest(".entry-cell").querySelector(".entry-note").textContent = words.wordHint;
    requestAnimationFrame(() => document.activeElement === field && field.select());
  });
  form.addEventListener("focusout", (event) => {
    const field = event.target.closest(".entry-field");
    if (!field) return;
    if (field.value !== (field.dataset.typed ?? field.dataset.saved)) commit(field);
    if (!field.value && !field.closest(".entry-cell").dataset.state) field.closest(".entry-cell").querySelector(".entry-note").textContent = "";
  });
  // A phone's keyboard sends input, not keys: one digit is enough there too.
  form.addEventListener("input", (event) => {
    const field = event.target.closest(".entry-field");
    if (!field || top || !/^[1-4x.]$/i.test(field.value)) return;
    if (put(field, field.value)) down(field);
  });
  form.addEventListener("paste", (event) => {
    const field = event.target.closest(".entry-field");
    const text = event.clipboardData.getData("text/plain");
    if (!field || !text) return;
    event.preventDefault();
    const shown = rows.filter((line) => isShown(line[0]));
    const row = shown.findIndex((line) => line.includes(field));
    offerPaste({ text, rows: shown, row, column: shown[row].indexOf(field), place: panel.querySelector("[data-paste]"), isScore, fill, put, back: field, empty: words.wordEmpty });
  });
  panel.querySelector("[data-note-form] form").addEventListener("submit", saveNote);
  panel.querySelector("#note-text").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    event.target.value = byKey.get(event.target.dataset.for)?.dataset.note ?? "";
    byKey.get(event.target.dataset.for)?.focus();
  });
  addEventListener("online", () => queue.hurry());
  addEventListener("beforeunload", (event) => {
    if (queue.size) event.preventDefault();
  });
  for (const field of fields) draw(field, currentState(field));
  tally();
  (fields.find((field) => !field.value) ?? fields[0])?.focus();
}
