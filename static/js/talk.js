// A conversation: what is new comes by itself, what is being written is kept, and nothing typed is ever lost.
import { keepTyping, post } from "./keep-typing.js";

const LOOK_MS = 15_000;

const token = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

/** Ask every 15 seconds, while the page can be seen, whether there is more; swap the words, never the form. */
function watch(page) {
  let list = page.querySelector("[data-messages]");
  let timer;

  async function look() {
    clearTimeout(timer);
    if (document.visibilityState === "visible") await ask().catch(() => {}); // the next look will tell
    timer = setTimeout(look, LOOK_MS);
  }

  async function ask() {
    const answer = await fetch(page.dataset.newsUrl, {
      headers: { "If-None-Match": `"${list.dataset.version}"` },
      cache: "no-store",
      redirect: "manual",
    });
    if (answer.status !== 200) return;
    const template = document.createElement("template");
    template.innerHTML = await answer.text();
    const fresh = template.content.querySelector("[data-messages]");
    if (!fresh || fresh.dataset.version === list.dataset.version) return;
    const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const wasAtEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 80;
    list.replaceWith(fresh);
    list = fresh;
    if (focused) list.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    if (wasAtEnd) scrollTo({ top: document.documentElement.scrollHeight });
    seen();
  }

  /** Tell how far this page has been read. Without script there is a button. */
  function seen() {
    if (!page.dataset.seenUrl || !list.hasAttribute("data-has-news") || document.visibilityState !== "visible") return;
    list.removeAttribute("data-has-news");
    const body = new URLSearchParams({ up_to: list.dataset.newest, by: "script" });
    fetch(page.dataset.seenUrl, { method: "POST", body, headers: { "X-CSRFToken": token() } }).catch(() => {});
  }

  page.querySelector("[data-seen-form]")?.remove();
  seen();
  if (!page.hasAttribute("data-at-end")) return;
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    seen();
    look();
  });
  timer = setTimeout(look, LOOK_MS);
}

/** Drafts go to the server while one types. What cannot be sent waits in this window, for this person alone. */
function keep(form) {
  const said = form.querySelector("[data-kept]");
  const field = form.elements.text;
  const place = `talk:${form.dataset.keepAs}`;
  const isWaiting = () => sessionStorage.getItem(place) !== null;
  const wait = () => sessionStorage.setItem(place, field.value);
  const draft = (signal) => post(form.dataset.draftUrl, new FormData(form), { signal, redirect: "manual" });

  async function send(signal) {
    if ("sent" in form.dataset) return; // a draft that came after its message would be there again
    const answer = await draft(signal);
    if (signedOut(answer)) return;
    if (!answer.ok) throw new Error(String(answer.status));
    sessionStorage.removeItem(place);
    said.textContent = said.dataset.saved;
  }

  function failed() {
    wait();
    said.textContent = said.dataset.notSaved;
  }

  form.addEventListener("input", () => {
    said.textContent = "";
    if (isWaiting()) wait();
  });
  const keepSoon = keepTyping(form, send, failed, (changed) => changed === field);

  // Newer than any draft of the server: they are what could not be sent to it any more.
  if (isWaiting()) {
    field.value = sessionStorage.getItem(place);
    keepSoon();
  }

  function signedOut(answer) {
    if (answer.type !== "opaqueredirect" && answer.status !== 403) return false;
    wait();
    const way = document.createElement("a");
    way.href = location.pathname + location.search; // leads by the sign-in page back to here
    way.className = "link";
    way.textContent = said.dataset.signedOut;
    said.replaceChildren(way);
    return true;
  }

  addEventListener("pageshow", () => delete form.dataset.sent);

  // Whether somebody is still signed in is asked first: a form that meets the sign-in page would lose its words.
  form.addEventListener("submit", async (event) => {
    if (form.dataset.sent !== undefined) return;
    event.preventDefault();
    if (form.dataset.asking !== undefined) return;
    form.dataset.asking = "";
    try {
      const answer = await draft();
      if (signedOut(answer)) return;
      sessionStorage.removeItem(place);
      form.dataset.sent = "";
      form.requestSubmit(event.submitter);
    } catch {
      wait();
      said.textContent = said.dataset.notSent;
    } finally {
      delete form.dataset.asking;
    }
  });
}

for (const page of document.querySelectorAll("[data-talk]")) watch(page);
for (const form of document.querySelectorAll("form[data-keeps]")) keep(form);
