// Records sound, or film with sound, as a file; where the browser cannot, `canRecord` says so.
const SHORTEST_S = 1; // in less a browser writes no picture and no sound
const LONGEST_S = 120;
const TYPES = { audio: ["audio/webm", "audio/mp4", "audio/ogg"], video: ["video/webm", "video/mp4"] };
const NAMES = { audio: "sound", video: "video" };
const ENDINGS = { "audio/mp4": "m4a", "audio/ogg": "ogg", "audio/webm": "webm", "video/mp4": "mp4", "video/webm": "webm" };

const typeOf = (kind) => window.MediaRecorder && TYPES[kind].find((each) => MediaRecorder.isTypeSupported(each));

/** kind: "audio" or "video". */
export const canRecord = (kind) => Boolean(typeOf(kind) && navigator.mediaDevices?.getUserMedia);

/** `began()`, `ticked("0:07")` as it goes on, `ended(file)` at last; or `refused()` where nobody lets us listen. */
export class Recorder {
  constructor(kind, { began, ticked, ended, refused }) {
    Object.assign(this, { kind, began, ticked, ended, refused, recorder: null, wantsEnd: false });
  }

  get isOn() {
    return this.recorder?.state === "recording";
  }

  async start() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: this.kind === "video" });
    } catch {
      this.refused();
      return;
    }
    const type = typeOf(this.kind);
    const parts = [];
    this.recorder = new MediaRecorder(stream, { mimeType: type });
    this.recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    this.recorder.addEventListener("stop", () => {
      clearInterval(this.timer);
      for (const track of stream.getTracks()) track.stop();
      this.ended(new File(parts, `${NAMES[this.kind]}.${ENDINGS[type]}`, { type }));
    });
    this.recorder.start();
    this.since = Date.now();
    this.wantsEnd = false;
    this.timer = setInterval(() => this.look(), 200);
    this.began();
  }

  stop() {
    this.wantsEnd = true;
    this.look();
  }

  look() {
    const seconds = Math.floor((Date.now() - this.since) / 1000);
    this.ticked(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    if ((seconds >= LONGEST_S || (this.wantsEnd && seconds >= SHORTEST_S)) && this.isOn) this.recorder.stop();
  }
}
