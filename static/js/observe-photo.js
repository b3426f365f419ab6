// Photos beside what was seen. Each is a piece of work of the student; it goes at once, and again while the page is open.
import { Queue } from "./entry-queue.js";
import { csrfToken, renewToken } from "./send-json.js";

const ENDINGS = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp" };

/**
 * words: `photoUrl` with 0 for the learner, `who` is signed in, `wordPhoto`. `changed()` hears of every change,
 * `refused(photo, why)` of a photo that was not taken.
 */
export class Photos {
  constructor(words, { changed, refused }) {
    this.words = words;
    this.refused = refused;
    this.queue = new Queue({
      send: (photos) => this.sendAll(photos),
      settle: (key, photo, outcome) => this.settle(photo, outcome),
      changed,
    });
    addEventListener("online", () => this.queue.hurry());
    addEventListener("beforeunload", (event) => this.queue.size && event.preventDefault());
  }

  /** line: where what was seen stands on the page. */
  add({ learner, standard }, file, line) {
    const mark = document.createElement("small");
    mark.textContent = `, ${this.words.wordPhoto} …`;
    line.querySelector("small").after(mark);
    const uuid = crypto.randomUUID?.() ?? madeUuid();
    this.queue.add(uuid, { uuid, learner, standard, file, mark });
  }

  /** One after the other; those that had arrived before the network went are known by their uuid. */
  async sendAll(photos) {
    const outcomes = [];
    for (const photo of photos) outcomes.push(await this.send(photo));
    return outcomes;
  }

  async send({ uuid, learner, standard, file }) {
    const data = new FormData();
    const values = { csrfmiddlewaretoken: csrfToken(), who: this.words.who, uuid, standard };
    for (const [name, value] of Object.entries(values)) data.set(name, value);
    data.set("file", file, `photo.${ENDINGS[file.type] ?? file.name.split(".").at(-1)}`);
    const answer = await fetch(this.words.photoUrl.replace("/0/", `/${learner}/`), {
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

  settle(photo, { url, why }) {
    if (!url) {
      photo.mark.remove();
      this.refused(photo, why);
      return;
    }
    const link = document.createElement("a");
    link.className = "link";
    link.href = url;
    link.textContent = this.words.wordPhoto;
    photo.mark.replaceChildren(", ", link);
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
