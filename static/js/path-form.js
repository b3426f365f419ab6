// Rows for steps are added here; the server counts them by the management form.
const list = document.querySelector("[data-step-rows]");
const button = document.querySelector("[data-add-row]");
const empty = document.querySelector("[data-empty-row]");
const total = document.querySelector("input[name=steps-TOTAL_FORMS]");

function add() {
  const number = Number(total.value);
  const row = empty.content.cloneNode(true);
  for (const part of row.querySelectorAll("*")) {
    for (const name of ["name", "id", "for", "aria-describedby"]) {
      const value = part.getAttribute(name);
      if (value?.includes("__prefix__")) part.setAttribute(name, value.replaceAll("__prefix__", number));
    }
  }
  row.querySelector("[data-row-number]").textContent = String(number + 1);
  list.append(row);
  total.value = String(number + 1);
  list.lastElementChild.querySelector("input[name$=title]").focus();
}

button.hidden = false;
button.addEventListener("click", add);
