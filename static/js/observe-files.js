// Photos and spoken notes beside what was seen. Each is a piece of work of the student; it goes at once. What cannot be
// sent is kept in this browser for who took it, and goes when that person is on this page again.
import { Queue } from "./entry-queue.js";
import { drop, keep, kept } from "./kept-files.js";
import { csrfToken, notLetIn, who } from "./send-json.js";

const ENDINGS = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp" };
const isSound = (file) => file.type.startsWith("audio/");

/**
 * words: `fileUrl` with 0 for the learner, `store` of account and class, `who` is signed in, `wordPhoto`, `wordSound`.
 * `changed()` hears of every change, `refused(one, why)` of a file that was not taken.
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
    addEventListener("beforeunload", (event) => this.loose && event.preventDefault());
  }

  /** How many would be lost with the page. */
  get loose() {
    return this.all.filter((one) => !one.isKept).length;
  }

  get all() {
    return [...this.queue.flying.values(), ...this.queue.waiting.values()];
  }

  /** of: the key of what was seen, `line` where that stands on the page. */
  async add(of, { learner, standard }, file, line) {
    const uuid = crypto.randomUUID?.() ?? madeUuid();
    const one = { uuid, store: this.words.store, of, learner, standard, at: Date.now(), file };
    const sent = this.show(one, line);
    sent.keeping = keep(one);
    sent.isKept = await sent.keeping;
    this.queue.changed();
  }

  /** What was kept when the page was left. `lineOf(one, undo)` finds the line where it stands; one made for the file
   * alone is [data-of-file]. */
  async recall(lineOf) {
    for (const one of await kept(this.words.store)) {
      if (one.store !== this.words.store || this.queue.has(one.uuid)) continue;
      const line = lineOf(one, () => this.takeBack((other) => other.uuid === one.uuid));
      Object.assign(this.show(one, line), { isKept: true });
    }
  }

  show(one, line) {
    const mark = document.createElement("small");
    const word = isSound(one.file) ? this.words.wordSound : this.words.wordPhoto;
    mark.textContent = `, ${word} …`;
    line?.querySelector("small").after(mark);
    const sent = { ...one, mark, word, isKept: false, keeping: null };
    this.queue.add(one.uuid, sent);
    return sent;
  }

  /** Those that wait here and answer the question are not sent at all. */
  takeBack(isMeant) {
    for (const [uuid, one] of [...this.queue.waiting]) {
      if (!isMeant(one) || this.queue.flying.has(uuid)) continue;
      this.queue.drop(uuid);
      this.forget(one);
    }
    this.queue.changed();
  }

  async forget(one) {
    const line = one.mark.closest("[data-of-file]");
    one.mark.remove();
    line?.remove();
    await one.keeping; // or it would be kept after it was dropped
    await drop(one.uuid);
  }

  /** One after the other; those that had arrived before the network went are known by their uuid. */
  async sendAll(files) {
    // A file is large: ask first who is signed in where it was somebody else.
    if (this.queue.trouble?.isOther && (await who()) !== this.words.who) throw this.queue.trouble;
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
    if (answer.type === "opaqueredirect" || [401, 403, 409].includes(answer.status)) throw await notLetIn(this.words.who);
    if (answer.status === 404) return { why: this.words.sayGone };
    if ([422, 429, 507].includes(answer.status)) return answer.json();
    throw new Error(String(answer.status));
  }

  settle(one, { url, why }) {
    if (!url) {
      this.forget(one);
      this.refused(one, why);
      return;
    }
    const link = document.createElement("a");
    link.className = "link";
    link.href = url;
    link.textContent = one.word;
    const line = one.mark.closest("[data-of-file]");
    if (line) {
      line.querySelector("button").remove(); // it has arrived
      delete line.dataset.ofFile;
    }
    const mark = document.createElement("small");
    mark.append(", ", link);
    one.mark.after(mark);
    this.forget(one);
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
