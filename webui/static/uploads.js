// Clips and pictures to search with, and their answers, for "back"; gone with the page.
import { Problem, searchFile } from "./client.js";

export class Uploads {
  #largest;
  #kept = new Map();

  /** Files are of at most `largest` bytes. */
  constructor(largest) {
    this.#largest = largest;
  }

  /** Keep `file`; returns its id. Throws a Problem when it is too large. */
  add(file) {
    if (file.size > this.#largest) {
      const limit = Math.round(this.#largest / 2 ** 20);
      throw new Problem("TooLarge", `${file.name} is larger than ${limit} MB. Cut out the part you look for.`);
    }
    const id = crypto.randomUUID?.() ?? String(performance.now());
    this.#kept.set(id, { file, answers: {} });
    return id;
  }

  /** {file, answers} of an id; undefined when it is gone. */
  get(id) {
    return this.#kept.get(id);
  }

  /** The answer to a search with a file, sent once: "back" must not send a film again. */
  async answer({ file, filters, answers }, parameters, signal) {
    const key = JSON.stringify([parameters, `${filters}`]);
    answers[key] ??= await searchFile(file, parameters, filters, signal);
    return answers[key];
  }
}
