// What was typed and is not saved yet. One request at a time; what cannot be sent stays and is tried again.

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;

/**
 * A queue of cells. `send(cells)` resolves to the outcomes of these cells, in order, or rejects when they did not arrive.
 * `settle(key, cell, outcome)` hears of every cell; `changed(keys)` of every change of state, with the cells concerned.
 * `trouble` is the error of the last request, null while all is well.
 */
export class Queue {
  constructor({ send, settle, changed }) {
    this.send = send;
    this.settle = settle;
    this.changed = changed;
    this.waiting = new Map();
    this.flying = new Map();
    this.trouble = null;
    this.wait = FIRST_WAIT;
    this.timer = 0;
  }

  get size() {
    return new Set([...this.waiting.keys(), ...this.flying.keys()]).size;
  }

  has(key) {
    return this.waiting.has(key) || this.flying.has(key);
  }

  /** The newest text of a cell counts; one that is under way goes again afterwards. */
  add(key, cell) {
    this.waiting.set(key, cell);
    this.changed([key]);
    if (!this.trouble) this.push();
  }

  /** Take a waiting cell out; returns it, or undefined. */
  drop(key) {
    const cell = this.waiting.get(key);
    this.waiting.delete(key);
    return cell;
  }

  async push() {
    if (this.flying.size || !this.waiting.size) return;
    clearTimeout(this.timer);
    this.flying = this.waiting;
    this.waiting = new Map();
    const keys = [...this.flying.keys()];
    const cells = [...this.flying.values()];
    let outcomes;
    try {
      outcomes = await this.send(cells);
    } catch (error) {
      // Newer text for the same cell stays the one to send.
      this.waiting = new Map([...this.flying, ...this.waiting]);
      this.flying = new Map();
      this.trouble = error;
      this.timer = setTimeout(() => this.push(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
      this.changed([...this.waiting.keys()]);
      return;
    }
    this.flying = new Map();
    this.trouble = null;
    this.wait = FIRST_WAIT;
    outcomes.forEach((outcome, place) => this.settle(keys[place], cells[place], outcome));
    this.changed([...keys, ...this.waiting.keys()]);
    this.push();
  }

  /** The network is back: do not wait any longer. */
  hurry() {
    if (!this.trouble) return;
    this.wait = FIRST_WAIT;
    this.push();
  }
}
