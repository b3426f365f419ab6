// Two answers for one cell: both are shown, and nothing counts before somebody has chosen.
import { fill, go, held, keyOf, nameOf, side, words } from "./entry-grid.js";

const open = new Map(); // cell -> its card

export const hasConflict = (key) => open.has(key);
export const openConflicts = () => open.size;

export function closeConflict(key) {
  open.get(key)?.remove();
  open.delete(key);
}

/** Ask which one counts. answers: {mine, theirs, both}, each called when it is chosen; both only for two scores. */
export function openConflict(field, theirs, answers) {
  const key = keyOf(field);
  const place = side.querySelector("[data-conflicts]");
  const asked = place.dataset;
  const mine = held(field);
  const spoken = { "": words.wordEmpty, x: words.wordExcused, ".": words.wordNotSeen };
  const facts = { mine: spoken[mine] ?? mine, theirs: spoken[theirs.text] ?? theirs.text, by: theirs.by || asked.somebody, at: theirs.at };
  const card = document.createElement("section");
  card.className = "panel-card";
  card.dataset.conflict = key;
  const title = document.createElement("h2");
  title.textContent = nameOf(field);
  title.id = `conflict-${key}`;
  card.setAttribute("aria-labelledby", title.id);
  const question = document.createElement("p");
  question.textContent = fill(asked.question, facts);
  const row = document.createElement("div");
  row.className = "row";
  const choices = [
    [asked.useMine, answers.mine],
    [asked.useTheirs, answers.theirs],
  ];
  if (/^\d/.test(mine) && /^\d/.test(theirs.text)) choices.push([asked.both, answers.both]);
  for (const [label, act] of choices) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.dataset.size = "dense";
    button.textContent = fill(label, facts);
    button.addEventListener("click", () => {
      closeConflict(key);
      act();
      go(field);
    });
    row.append(button);
  }
  card.append(title, question, row);
  closeConflict(key);
  open.set(key, card);
  place.append(card);
}
