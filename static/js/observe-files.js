// Photos and spoken notes beside what was seen. Each is a piece of work of the student; it goes at once, and again while
// the page is open.
import { Queue } from "./entry-queue.js";
import { csrfToken, renewToken } from "./send-json.js";

const ENDINGS = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp" };
const isSound = (file) => file.type.startsWith("audio/");

/**
 * words: `fileUrl` with 0 for the learner, `who` is signed in, `wordPhoto`, `wordSound`. `changed()` hears of every
 * change, `refused(one, why)` of a file that was not taken.
 */
export class Files {
  constructor(words, { changed, refused }) {
    this.words = words;
    this.refused = refused;
    this.queue = new Queue({
      send: (files) => this.sendAll(files),
      settle: (key, one, outcome) => this.settle(one, outcome),
      changed,
    });
    addEventListener("online", () => this.queue.hurry());
    addEventListener("beforeunload", (event) => this.queue.size && event.preventDefault());
  }

  /** line: where what was seen stands on the page. */
  add({ learner, standard }, file, line) {
    const mark = document.createElement("small");
    const word = isSound(file) ? this.words.wordSound : this.words.wordPhoto;
    mark.textContent = `, ${word} …`;
    line.querySelector("small").after(mark);
    const uuid = crypto.randomUUID?.() ?? madeUuid();
    this.queue.add(uuid, { uuid, learner, standard, file, mark, word });
  }

  /** One after the other; those that had arrived before the network went are known by their uuid. */
  async sendAll(files) {
    const outcomes = [];
    for (const one of files) outcomes.push(await this.send(one));
    return outcomes;
  }

  async send({ uuid, learner, standard, file }) {
    const data = new FormData();
    const values = { csrfmiddlewaretoken: csrfToken(), who: this.words.who, uuid, standard };
    for (const [name, value] of Object.entries(values)) data.set(name, value);
    const name = isSound(file) ? file.name : `photo.${ENDINGS[file.type] ?? file.name.split(".").at(-1)}`;
    data.set("file", file, name);
    const answer = await fetch(this.words.fileUrl.replace("/0/", `/${learner}/`), {
      method: "POST",
      headers: { Accept: "application/json" },
      body: data,
      redirect: "manual",
    });
    if (answer.ok) return answer.json();
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) {
      throw Object.assign(new Error("not let in"), { isOut: !(await renewToken()) });
    }
    if (answer.status === 404) return { why: this.words.sayGone };
    if ([422, 429, 507].includes(answer.status)) return answer.json();
    throw new Error(String(answer.status));
  }

  settle(one, { url, why }) {
    if (!url) {
      one.mark.remove();
      this.refused(one, why);
      return;
    }
    const link = document.createElement("a");
    link.className = "link";
    link.href = url;
    link.textContent = one.word;
    one.mark.replaceChildren(", ", link);
  }
}

/** Where the page is not served safely, as over plain HTTP in a school's network, browsers make none. */
function madeUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
