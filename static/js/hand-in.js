// Handing in: words are kept while they are typed; a file shows how far it is, and is sent again when the net is lost.
// The form carries an id made by the server, so sending it twice makes one piece.
import { keepTyping, post } from "./keep-typing.js";
import { say } from "./status.js";

const TRIES_MS = [1000, 2000, 4000, 8000, 16000];
const JSON_TYPE = "application/json";

const form = document.querySelector("[data-hand-in]");
const words = form.dataset;
const state = form.querySelector("[data-state]");
const progress = form.querySelector("[data-progress]");
const bar = progress.querySelector("progress");
const said = progress.querySelector("[data-progress-said]");
const again = form.querySelector("[data-try-again]");
const signIn = form.querySelector("[data-sign-in-link]");
const primary = form.querySelector('[value="hand_in"]');

let sending = null; // the request that is on its way
let tries = 0;
let waiting = null; // timer of the next try
let done = false;
let needsFreshToken = false;

function tell(text, kind = "") {
  state.textContent = text;
  if (kind) state.dataset.kind = kind;
  else delete state.dataset.kind;
}

function offer(...buttons) {
  for (const one of [again, signIn]) one.hidden = !buttons.includes(one);
}

function clearProblems() {
  for (const old of form.querySelectorAll("[data-problem]")) old.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

function showProblems(problems) {
  let first = null;
  for (const [name, sentences] of Object.entries(problems)) {
    const field = name === "__all__" ? null : form.elements[name];
    const line = document.createElement("p");
    line.className = "field-error";
    line.dataset.problem = "";
    line.id = `problem-${name}`;
    line.textContent = sentences.join(" ");
    if (field instanceof HTMLElement) {
      field.setAttribute("aria-invalid", "true");
      field.closest(".field").append(line);
      first ??= field;
    } else {
      state.after(line);
    }
  }
  tell(words.refused, "danger");
  (first ?? primary).focus();
}

function rest(text, ...buttons) {
  sending = null;
  keepSoon(); // it may never be handed in
  progress.hidden = true;
  primary.disabled = false;
  tell(text, "danger");
  offer(again, ...buttons);
}

function tryLater() {
  sending = null;
  progress.hidden = true;
  if (tries >= TRIES_MS.length) return rest(words.waits);
  tell(words.lost, "danger");
  offer(again);
  waiting = setTimeout(send, TRIES_MS[tries]);
  tries += 1;
}

// After signing in again in another window the token of this page is old, and another person may be signed in.
async function freshen() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "follow" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const other = page.querySelector("[data-hand-in]");
  if (!other) return "signedOut";
  if (other.dataset.who !== words.who) return "somebodyElse";
  form.elements.csrfmiddlewaretoken.value = other.querySelector("[name=csrfmiddlewaretoken]").value;
  return "";
}

function settled(request) {
  let answer = {};
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    // A page instead of an answer: the sign-in page, or the one for old tokens.
  }
  if (request.status === 200 && answer.url) {
    done = true;
    document.dispatchEvent(new Event("lrm:sent"));
    location.assign(answer.url);
  } else if (answer.problems) {
    rest(words.refused);
    offer();
    showProblems(answer.problems);
  } else if (request.status === 403 || request.status === 401 || request.status === 404 || request.status === 200) {
    rest(words.signedOut, signIn);
    needsFreshToken = true;
  } else if ([502, 503, 504].includes(request.status)) {
    tryLater();
  } else {
    rest(words.trouble);
  }
}

async function send() {
  clearTimeout(waiting);
  if (sending || done) return;
  clearProblems();
  offer();
  primary.disabled = true;
  const request = new XMLHttpRequest();
  sending = request;
  if (needsFreshToken) {
    try {
      const why = await freshen();
      if (why) return rest(words[why], signIn);
      needsFreshToken = false;
    } catch {
      return tryLater();
    }
  }
  const data = new FormData(form);
  data.set("do", "hand_in");
  request.open("POST", form.action);
  request.setRequestHeader("Accept", JSON_TYPE);
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = Math.round((100 * event.loaded) / event.total);
    said.textContent = `${megabytes(event.loaded)} / ${megabytes(event.total)}`;
  });
  request.upload.addEventListener("load", () => tell(words.checking));
  request.addEventListener("load", () => {
    tries = 0;
    settled(request);
  });
  for (const lost of ["error", "timeout"]) request.addEventListener(lost, tryLater);
  bar.value = 0;
  said.textContent = "";
  progress.hidden = !form.elements.file.files.length;
  tell(words.sending);
  request.send(data);
}

const megabytes = (bytes) =>
  new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit",
    unit: "megabyte",
    maximumFractionDigits: 1,
  }).format(bytes / 2 ** 20);

// Words are kept on the server while they are typed, for their writer alone; the file stays in this window.
async function keep(signal) {
  if (sending || done) return;
  const data = new FormData(form);
  data.delete("file");
  data.set("do", "draft");
  const answer = await post(form.action, data, { headers: { Accept: JSON_TYPE }, signal });
  if (answer.status === 422 || answer.status === 409) return;
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  if ((await answer.json()).saved) say(words.kept);
}

const sayNotKept = () => say(words.notKept, { state: "danger" });
const keepSoon = keepTyping(form, keep, sayNotKept, (field) => field.type !== "file");

form.addEventListener("submit", (event) => {
  if (event.submitter && event.submitter !== primary) {
    done = true; // the page goes on by itself
    return;
  }
  event.preventDefault();
  tries = 0;
  send();
});

again.addEventListener("click", () => {
  tries = 0;
  send();
});
window.addEventListener("online", () => {
  if (!again.hidden && signIn.hidden) {
    tries = 0;
    send();
  }
});
window.addEventListener("beforeunload", (event) => {
  if (sending && !done) event.preventDefault();
});
