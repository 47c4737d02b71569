// Thumbs for the moments of an answer: kept by question, and asked with again.
import { judge, Problem } from "./client.js";

export class Thumbs {
  #question;
  #askAgain;

  /** `question()` is what is asked; `askAgain()` shows the answer with the thumbs. */
  constructor(question, askAgain) {
    this.#question = question;
    this.#askAgain = askAgain;
  }

  /** Keep a thumb up (true) or down (false) for each moment of `ids`, or take it back (null). */
  async keep(ids, relevant) {
    const question = this.#question();
    try {
      for (const id of ids) await judge(question, id, relevant);
      await this.#askAgain();
      return "";
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      return problem.message;
    }
  }
}
