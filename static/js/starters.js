// Beginnings of sentences: one press puts one into its field, where the learner goes on.

function put(field, words) {
  const start = words.replace(/\s*…\s*$/, " ");
  const stands = field.value.trimEnd();
  const joint = !stands ? "" : field.dataset.oneALine === undefined ? " " : "\n";
  field.value = stands + joint + start;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  const gap = field.value.indexOf("…", stands.length);
  if (gap < 0) field.setSelectionRange(field.value.length, field.value.length);
  else field.setSelectionRange(gap, gap + 1);
}

/** Turn the lists of beginnings, which are there to be read without script, into buttons. */
export function startStarters(root = document) {
  for (const list of root.querySelectorAll("[data-starters]")) {
    const field = document.getElementById(list.dataset.starters);
    if (!field) continue;
    for (const item of list.querySelectorAll("li")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "starter";
      button.textContent = item.textContent.trim();
      button.addEventListener("click", () => put(field, button.textContent));
      item.replaceChildren(button);
    }
  }
}
