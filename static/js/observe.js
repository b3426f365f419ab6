// Observation on a phone: tap who, tap what level; that has saved. What cannot be sent is kept in this browser.
import { clock, fill } from "./entry-grid.js";
import { Queue } from "./entry-queue.js";
import { KEPT_DAYS } from "./kept-files.js";
import { Files } from "./observe-files.js";
import { canRecord, Recorder } from "./recorder.js";
import { sendJson } from "./send-json.js";
import { say } from "./status.js";

const root = document.querySelector("[data-observe]");
const words = root?.dataset ?? {};

const store = `lrm-observe.${words.store}`;
const people = new Map([...(root?.querySelectorAll("[data-person]") ?? [])].map((link) => [link.dataset.person, link]));
const drawn = new Map(); // key of what was seen -> {line, seen, before: what stood at the name}
let current = null; // the key of what was seen last: what "how did it go" and "undo" are about
let lastSaved = "";

const keyOf = (seen) => `${seen.learner}.${seen.standard}.${seen.attempt}`;
const nameOf = (seen) => people.get(String(seen.learner))?.dataset.first ?? "";

const queue = new Queue({ send, settle, changed: report });
const files = new Files(words, {
  changed: report,
  refused: (one, why) => say(fill(words.sayRefused, { name: nameOf(one), why }), { state: "danger" }),
});

// Kept in this browser: numbers only, no names, and nothing once it has arrived.

function keep() {
  const waiting = [...queue.flying.values(), ...queue.waiting.values()];
  try {
    if (waiting.length) localStorage.setItem(store, JSON.stringify(waiting));
    else localStorage.removeItem(store);
  } catch {
    // Storage is closed to us: it is kept while the page is open.
  }
}

function recall() {
  try {
    const oldest = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
    return JSON.parse(localStorage.getItem(store) ?? "[]").filter((seen) => seen.at > oldest);
  } catch {
    return [];
  }
}

// Sending

async function send(all) {
  const seen = all.map(({ at, stands, ...rest }) => ({ ...rest, ago: Math.max(0, (Date.now() - at) / 1000) }));
  const { data, refused: why } = await sendJson(words.url, { who: words.who, seen });
  if (data) return data.seen;
  return all.map(() => ({ state: "refused", why: why === "gone" ? words.sayGone : why }));
}

function settle(key, seen, outcome) {
  const shown = drawn.get(key);
  if (outcome.state !== "saved") {
    forget(key);
    say(fill(words.sayRefused, { name: nameOf(seen), why: outcome.why }), { state: "danger" });
    return;
  }
  lastSaved = outcome.at;
  // Taken back while it was on its way: that empties what was just saved.
  const again = queue.waiting.get(key);
  if (again) Object.assign(again, { replaces: again.text ? null : outcome.id, attempt: outcome.attempt });
  const person = people.get(String(seen.learner));
  if (person) person.dataset.attempt = Math.max(Number(person.dataset.attempt), outcome.attempt);
  if (!shown) return;
  Object.assign(shown.seen, { stands: outcome.id, attempt: outcome.attempt });
  const when = shown.line.querySelector("small");
  when.textContent = when.textContent.replace(words.wordWaits, outcome.at);
  root.querySelector(`[data-record="${outcome.id}"]`)?.remove(); // the page brought it already
}

function report() {
  keep();
  const n = queue.size + files.queue.size;
  const trouble = queue.trouble ?? files.queue.trouble;
  if (trouble) say(fill(wordsOf(trouble), { n }), { state: "danger" });
  else if (n) say(fill(words.saySaving, { n }));
  else if (lastSaved) say(fill(words.saySaved, { at: lastSaved || clock() }));
}

function wordsOf({ isOut, isOther }) {
  if (files.loose) return words.sayNoRoom;
  if (isOther) return words.sayOther;
  return isOut ? words.saySignedOut : words.sayTrying;
}

// Drawing

function levelChip(text) {
  const chip = document.createElement("span");
  if (text === ".") {
    chip.textContent = words.wordNotSeen;
    return chip;
  }
  chip.className = "level";
  chip.dataset.level = text;
  chip.textContent = text;
  return chip;
}

function draw(seen, when) {
  const person = people.get(String(seen.learner));
  if (!person || String(seen.standard) !== words.standard) return;
  const last = person.querySelector("[data-last]");
  const before = [...last.childNodes];
  person.dataset.attempt = Math.max(Number(person.dataset.attempt), seen.attempt);
  last.replaceChildren(levelChip(seen.text), ` ${words.wordNow}`);
  const key = keyOf(seen);
  const line = addLine(person, when, () => takeBack(key));
  line.querySelector("small").before(levelChip(seen.text), " ");
  drawn.set(key, { line, seen, before });
}

/** A line under "Seen today", newest first. */
function addLine(person, when, takeBack) {
  const line = document.createElement("li");
  const what = document.createElement("span");
  const name = document.createElement("b");
  const small = document.createElement("small");
  const undo = document.createElement("button");
  name.textContent = person.querySelector("strong").textContent;
  small.textContent = when;
  undo.type = "button";
  undo.className = "link";
  undo.textContent = words.wordUndo;
  undo.setAttribute("aria-label", `${words.wordUndo}: ${person.dataset.name}`);
  undo.addEventListener("click", takeBack);
  what.append(name, " ", small);
  line.append(what, undo);
  root.querySelector("[data-lines]").prepend(line);
  root.querySelector("[data-none]").hidden = true;
  return line;
}

/** Where a file stands that was kept: beside what was seen with it, or on a line of its own where that has arrived. */
function lineOf(one, undo) {
  const person = people.get(String(one.learner));
  const seen = drawn.get(one.of);
  if (seen || !person) return seen?.line;
  const at = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "short", hour: "numeric", minute: "2-digit" });
  const line = addLine(person, at.format(one.at), undo);
  line.dataset.ofFile = "";
  return line;
}

// Tapping

const sheet = root?.querySelector("[data-sheet]");
let dialog = null;

/** The sheet of the page without script, as a dialog over the names. */
function makeDialog() {
  dialog = document.createElement("dialog");
  for (const { name, value } of sheet.attributes) if (name !== "hidden") dialog.setAttribute(name, value);
  dialog.append(...sheet.childNodes);
  sheet.replaceWith(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
  });
}

const levels = () => dialog.querySelector("[data-levels]");
const how = () => dialog.querySelector("[data-how]");

function show(part) {
  levels().hidden = part !== levels();
  how().hidden = part !== how();
  if (!dialog.open) dialog.showModal();
}

function open(person) {
  dialog.querySelector("[data-sheet-name]").textContent = person.dataset.name;
  levels().elements.learner.value = person.dataset.person;
  show(levels());
  levels().querySelector("[name=text]").focus();
}

function see(text) {
  const person = people.get(levels().elements.learner.value);
  const seen = {
    learner: Number(person.dataset.person),
    standard: Number(words.standard),
    text,
    attempt: Number(person.dataset.attempt) + 1,
    replaces: null,
    at: Date.now(),
  };
  current = keyOf(seen);
  draw(seen, words.wordNow);
  queue.add(current, { ...seen });
  const word = levels().querySelector(`[value="${text}"] strong`)?.textContent;
  how().querySelector("[data-how-title]").textContent = `${person.dataset.first}: ${word ? `${text} ${word}` : words.wordNotSeen}`;
  how().querySelector("[data-note]").value = "";
  show(how());
  how().querySelector("[data-how-title]").focus();
}

/** What is still here is not sent at all; what has arrived is emptied. */
function takeBack(key) {
  const shown = drawn.get(key);
  if (!shown) return;
  const { stands, ...seen } = shown.seen;
  const isHere = !stands && !queue.flying.has(key);
  if (isHere) queue.drop(key);
  else queue.add(key, { ...seen, text: "", replaces: stands ?? null });
  files.takeBack((one) => one.of === key);
  forget(key);
  report();
}

/** Off the page, as if it had not been seen. */
function forget(key) {
  const shown = drawn.get(key);
  if (!shown) return;
  people.get(String(shown.seen.learner)).querySelector("[data-last]").replaceChildren(...shown.before);
  shown.line.remove();
  drawn.delete(key);
  root.querySelector("[data-none]").hidden = root.querySelector("[data-lines] li") !== null;
}

/** A line on what was seen goes with it once more: the level that stands there already stays as it is. */
function tell(text) {
  const shown = drawn.get(current);
  const how = text.trim();
  if (!shown || !how) return;
  shown.line.querySelector("small").textContent += `, ${how}`;
  queue.add(current, { ...shown.seen, how });
  dialog.close();
}

/** A spoken note: one press begins, the next ends it, and so does leaving the sheet. It belongs to what was seen then. */
function offerSound(button) {
  if (!button || !canRecord("audio")) {
    button?.remove();
    return;
  }
  const word = button.querySelector("span");
  const rest = word.textContent;
  let of = null;
  let shown = null;
  const over = () => {
    word.textContent = rest;
    button.setAttribute("aria-pressed", "false");
  };
  const recorder = new Recorder("audio", {
    began: () => button.setAttribute("aria-pressed", "true"),
    ticked: (time) => {
      word.textContent = fill(words.wordStop, { time });
    },
    ended: (file) => {
      over();
      files.add(of, shown.seen, file, shown.line);
    },
    refused: () => say(words.sayNoSound, { state: "danger" }),
  });
  button.addEventListener("click", () => {
    if (recorder.isOn) {
      recorder.stop();
      return;
    }
    of = current;
    shown = drawn.get(of);
    if (shown) recorder.start();
  });
  dialog.addEventListener("close", () => recorder.isOn && recorder.stop());
}

if (root && sheet) {
  makeDialog();
  for (const select of root.querySelectorAll("[data-sends]")) select.addEventListener("change", () => select.form.requestSubmit());
  for (const person of people.values()) {
    person.addEventListener("click", (event) => {
      event.preventDefault();
      open(person);
    });
  }
  levels().addEventListener("submit", (event) => {
    event.preventDefault();
    see(event.submitter.value);
  });
  how().addEventListener("submit", (event) => {
    event.preventDefault();
    tell(event.submitter?.value || how().querySelector("[data-note]").value);
  });
  // Enter in a field presses the first button of its form, which says something else.
  how().querySelector("[data-note]").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    tell(event.target.value);
  });
  how().querySelector("[data-undo]").addEventListener("click", () => {
    takeBack(current);
    dialog.close();
  });
  how().querySelector("[data-photo]").addEventListener("change", (event) => {
    const shown = drawn.get(current);
    for (const file of shown ? event.target.files : []) files.add(current, shown.seen, file, shown.line);
    event.target.value = "";
  });
  offerSound(how().querySelector("[data-sound]"));
  for (const link of dialog.querySelectorAll("[data-cancel]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
  }
  addEventListener("online", () => queue.hurry());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    queue.hurry();
    files.queue.hurry();
  });
  for (const seen of recall()) {
    draw(seen, words.wordWaits);
    queue.add(keyOf(seen), seen);
  }
  files.recall(lineOf);
}
