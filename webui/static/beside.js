// What stands below the player's picture: storyboard, transcript and details of the video.
import { showAbout, showNoDetails } from "./about.js";
import { Problem, video as askVideo } from "./client.js";
import { Storyboard } from "./storyboard.js";
import { Transcript } from "./transcript.js";

const byId = (id) => document.getElementById(id);

export class Beside {
  #storyboard;
  #transcript;
  #linkTo;
  #id = null;
  #seconds = 0;

  /** `seek(seconds)` plays from there; `linkTo(name, value)` makes a link that sets a filter. */
  constructor(seek, linkTo) {
    this.#storyboard = new Storyboard(byId("storyboard"), seek);
    this.#transcript = new Transcript(seek);
    this.#linkTo = linkTo;
  }

  /** Show what is known of the video of `item`. */
  async show({ video_id }) {
    if (video_id === this.#id) return;
    this.clear();
    this.#id = video_id;
    try {
      const video = await askVideo(video_id);
      if (this.#id === video_id) this.#fill(video);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (this.#id === video_id) showNoDetails(problem.message);
    }
  }

  /** Nothing is shown any more. */
  clear() {
    this.#id = null;
    this.#storyboard.show([]);
    this.#transcript.show(null, null);
    byId("about").hidden = true;
  }

  /** The video is at `seconds`. */
  moveTo(seconds) {
    this.#seconds = seconds;
    this.#storyboard.moveTo(seconds);
    this.#transcript.moveTo(seconds);
  }

  /** Fold or unfold the transcript. */
  toggleTranscript() {
    this.#transcript.toggle();
  }

  #fill(video) {
    byId("player-title").textContent = video.title;
    this.#storyboard.show(video.storyboard);
    this.#transcript.show(video.id, video.transcript);
    showAbout(video, this.#linkTo);
    this.moveTo(this.#seconds);
  }
}
