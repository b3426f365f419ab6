// Cells of the entry grid: what is typed is drawn at once, sent at once, kept until it is saved, and can be taken back.
import { closeConflict, hasConflict, openConflict, openConflicts } from "./entry-conflict.js";
import { byKey, clock, fill, form, go, held, isScore, keyOf, nameOf, top, words } from "./entry-grid.js";
import { Queue } from "./entry-queue.js";
import { tally } from "./entry-side.js";
import { sendJson } from "./send-json.js";
import { say } from "./status.js";

const UNDO_MOST = 50;
const undos = [];
const refused = new Map(); // cell -> why the server did not take what stands in it
let lastSaved = "";
let leaveFor = null;

const queue = new Queue({ send: post, settle, changed: report });

// Drawing

const NOTES = { excused: "wordExcused", "not-seen": "wordNotSeen", saving: "wordSaving", unsaved: "wordUnsaved", conflict: "wordConflict" };

function stateOf(field) {
  const key = keyOf(field);
  if (hasConflict(key)) return "conflict";
  if (refused.has(key)) return "unsaved";
  if (queue.has(key)) return queue.trouble ? "unsaved" : "saving";
  return { x: "excused", ".": "not-seen", "": "" }[field.dataset.saved] ?? "saved";
}

/** Draw what a cell holds: tone, state, note and the name that readers hear. */
export function draw(field) {
  const cell = field.closest(".entry-cell");
  const box = field.closest(".entry-box");
  const state = stateOf(field);
  const text = field.value;
  if (!top && /^[1-4]$/.test(text)) box.dataset.level = text;
  else delete box.dataset.level;
  cell.dataset.state = state;
  const note = words[NOTES[state]];
  cell.querySelector(".entry-note").textContent = note ?? (!state && document.activeElement === field ? words.wordHint : "");
  const values = { x: words.wordExcused, ".": words.wordNotSeen, "": words.wordEmpty };
  const said = [field.dataset.name, field.dataset.code, values[text] ?? fill(words.wordOf, { n: text, top: top || "4" })];
  if (["saving", "unsaved", "conflict"].includes(state)) said.push(note);
  else if (state) said.push(words.wordSaved);
  field.setAttribute("aria-label", said.join(", "));
}

// Typing and taking back

/** Put a text into a cell and send it; false, with the reason said, where it is no score. */
export function put(field, text, { remember = true } = {}) {
  const value = text.trim().toLowerCase();
  const key = keyOf(field);
  if (!isScore(value)) {
    say(fill(words.sayRefused, { text: value }), { state: "danger" });
    field.value = held(field);
    draw(field);
    return false;
  }
  const before = held(field);
  field.value = value;
  if (value === before && !refused.has(key)) {
    draw(field);
    return true;
  }
  if (remember) {
    undos.push({ key, text: before });
    if (undos.length > UNDO_MOST) undos.shift();
  }
  field.dataset.typed = value;
  closeConflict(key);
  send(field, { replaces: field.dataset.id, attempt: field.dataset.attempt });
  return true;
}

export function undo() {
  const last = undos.pop();
  if (!last) {
    say(words.sayNothing);
    return;
  }
  const field = byKey.get(last.key);
  put(field, last.text, { remember: false });
  go(field);
  say(fill(words.sayUndone, { name: nameOf(field) }));
}

// Sending

/** replaces: id of the record that the writer has seen there; "" for an empty cell. */
function send(field, { replaces, attempt }) {
  refused.delete(keyOf(field));
  queue.add(keyOf(field), {
    learner: Number(field.dataset.learner),
    standard: Number(field.dataset.standard),
    text: held(field),
    replaces: replaces ? Number(replaces) : null,
    attempt: Number(attempt),
  });
}

async function post(cells) {
  const { data, refused: why } = await sendJson(words.cellsUrl, { cells });
  if (data) return data.cells;
  return cells.map(() => ({ state: "refused", why: why === "gone" ? words.sayGone : why }));
}

function settle(key, cell, outcome) {
  const field = byKey.get(key);
  if (outcome.state === "saved") {
    field.dataset.id = outcome.id ?? "";
    field.dataset.attempt = cell.attempt;
    field.dataset.saved = cell.text;
    lastSaved = clock();
    const again = queue.waiting.get(key);
    // Typed over while it was on its way: that corrects what was just saved.
    if (again) Object.assign(again, { replaces: outcome.id, attempt: cell.attempt });
    else delete field.dataset.typed;
    return;
  }
  queue.drop(key);
  if (outcome.state !== "conflict") {
    refused.set(key, outcome.why);
  } else if (outcome.theirs) {
    openConflict(field, outcome.theirs, {
      mine: () => send(field, { replaces: outcome.theirs.id, attempt: cell.attempt }),
      theirs: () => take(field, outcome.theirs, cell.attempt),
      both: () => send(field, { replaces: "", attempt: cell.attempt + 1 }),
    });
  } else {
    send(field, { replaces: "", attempt: cell.attempt });
  }
}

function take(field, theirs, attempt) {
  field.value = field.dataset.saved = theirs.text;
  field.dataset.id = theirs.id;
  field.dataset.attempt = attempt;
  delete field.dataset.typed;
  report([keyOf(field)]);
}

/** Draw the cells that changed, and say in one sentence how the whole grid stands: the worst first. */
function report(keys) {
  for (const key of new Set(keys)) draw(byKey.get(key));
  tally();
  const [first] = refused;
  if (queue.trouble) say(fill(queue.trouble.isOut ? words.saySignedOut : words.sayTrying, { n: queue.size }), { state: "danger" });
  else if (first) say(`${nameOf(byKey.get(first[0]))}: ${first[1]}`, { state: "danger" });
  else if (queue.size) say(fill(words.saySaving, { n: queue.size, at: lastSaved || clock() }));
  else if (openConflicts()) say(fill(words.sayConflicts, { n: openConflicts() }));
  else if (lastSaved) say(fill(words.saySaved, { at: lastSaved }));
  if (leaveFor && !queue.size) leave();
}

// Leaving

const isOpen = () => queue.size > 0 || refused.size > 0 || openConflicts() > 0;

function leave() {
  const address = leaveFor;
  leaveFor = null;
  if (!isOpen()) location.assign(address);
}

if (form) {
  addEventListener("online", () => queue.hurry());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && queue.hurry());
  addEventListener("beforeunload", (event) => {
    if (isOpen()) event.preventDefault();
  });
  // Done waits for what is still on its way.
  document.querySelector("[data-done]")?.addEventListener("click", (event) => {
    if (!queue.size) return;
    event.preventDefault();
    leaveFor = event.currentTarget.href;
    queue.hurry();
  });
}
