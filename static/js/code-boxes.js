// Six boxes for the letters of a class code. Without script there is one field; with it that field stays the one
// that is sent, hidden, and the boxes write into it. Pasting or typing a whole code anywhere fills all boxes.
const LENGTH = 6;
const letters = (text) => [...text.toUpperCase()].filter((letter) => /\p{L}/u.test(letter));

function divide(field) {
  const sent = field.querySelector("input");
  const place = sent.parentElement;
  const boxes = Array.from({ length: LENGTH }, (_, index) => box(field, sent, index));
  sent.type = "hidden";
  sent.removeAttribute("id");
  place.append(...boxes);
  place.setAttribute("role", "group");
  const label = field.querySelector("label");
  label.htmlFor = boxes[0].id;
  place.setAttribute("aria-label", label.textContent);

  const write = () => {
    sent.value = boxes.map((each) => each.value).join("");
  };
  const fill = (text, from) => {
    const found = letters(text).slice(0, LENGTH - from);
    found.forEach((letter, index) => {
      boxes[from + index].value = letter;
    });
    write();
    return from + found.length;
  };
  const focus = (index) => {
    const next = boxes[index] ?? document.querySelector("[data-number] input");
    next?.focus();
    next?.select();
  };

  fill(sent.value, 0);
  if (sent.autofocus) boxes[0].focus();
  boxes.forEach((each, index) => {
    each.addEventListener("input", () => {
      const typed = each.value;
      each.value = "";
      const reached = fill(typed, index);
      if (reached > index) focus(reached);
    });
    each.addEventListener("paste", (event) => {
      event.preventDefault();
      const pasted = letters(event.clipboardData.getData("text"));
      focus(fill(pasted.join(""), pasted.length >= LENGTH ? 0 : index));
    });
    each.addEventListener("keydown", (event) => {
      if (event.key === "Backspace" && !each.value && index > 0) {
        event.preventDefault();
        boxes[index - 1].value = "";
        write();
        focus(index - 1);
      }
      if (event.key === "ArrowLeft" && index > 0) focus(index - 1);
      if (event.key === "ArrowRight" && index < LENGTH - 1) focus(index + 1);
    });
  });
}

function box(field, sent, index) {
  const input = document.createElement("input");
  input.type = "text";
  input.id = `${sent.name}-${index + 1}`;
  input.autocomplete = "off";
  input.autocapitalize = "characters";
  input.spellcheck = false;
  input.setAttribute("aria-label", field.dataset.letter.replace("{n}", index + 1));
  if (sent.getAttribute("aria-invalid")) {
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", sent.getAttribute("aria-describedby") ?? "");
  }
  return input;
}

for (const field of document.querySelectorAll("[data-code-field]")) divide(field);
