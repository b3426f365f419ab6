// The learner's goal page: what is being written is kept as a draft on the server while it is typed.
import { keepTyping, post } from "./keep-typing.js";
import { startStarters } from "./starters.js";

function keep(form) {
  const said = form.querySelector("[data-kept]");

  async function send(signal) {
    const data = new FormData(form);
    data.set("do", "draft");
    const answer = await post(form.action, data, { signal });
    if (answer.redirected || (!answer.ok && answer.status !== 422)) throw new Error(String(answer.status));
    said.textContent = answer.ok ? said.dataset.saved : "";
  }

  form.addEventListener("input", () => {
    said.textContent = "";
  });
  keepTyping(form, send, () => {
    said.textContent = said.dataset.notSaved;
  });
}

for (const form of document.querySelectorAll("form[data-keeps]")) keep(form);
startStarters();
