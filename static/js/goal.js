// The learner's goal page: what is being written is kept as a draft on the server while it is typed.
import { startStarters } from "./starters.js";

const WAIT_MS = 1200;
const AGAIN_MS = 5000;

function keep(form) {
  const said = form.querySelector("[data-kept]");
  let timer;
  let sending = null;

  async function send() {
    const data = new FormData(form);
    data.set("do", "draft");
    sending = new AbortController();
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, signal: sending.signal });
      if (answer.redirected || (!answer.ok && answer.status !== 422)) throw new Error(String(answer.status));
      said.textContent = answer.ok ? said.dataset.saved : "";
    } catch (error) {
      if (error.name === "AbortError") return;
      said.textContent = said.dataset.notSaved;
      timer = setTimeout(send, AGAIN_MS);
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    sending?.abort();
    said.textContent = "";
    timer = setTimeout(send, WAIT_MS);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    sending?.abort();
  });
}

for (const form of document.querySelectorAll("form[data-keeps]")) keep(form);
startStarters();
