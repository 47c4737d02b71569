// One card for each moment, or for each video when nothing is searched.
import { countCopies } from "./copies.js";
import { clock, range } from "./format.js";
import { NARROWEST, placeTile, playTiles } from "./tiles.js";
import { sharesText, showBestWords, showShares } from "./words.js";

const MOST_OF_IT = 0.9;

const template = document.getElementById("card");

/** A card for `item`; `act` has open(item), similar(item), and judge(item, relevant) or null. */
export function makeCard(item, act) {
  const card = template.content.cloneNode(true).firstElementChild;
  const open = card.querySelector(".card-open");
  const similar = card.querySelector(".card-similar");
  const span = item.whole ? clock(Math.max(1, Math.round(item.duration_s))) : timesOf(item);
  card.querySelector(".card-title").textContent = item.title;
  card.querySelector(".card-title").title = item.video;
  card.querySelector(".thumb-time").textContent = span;
  open.setAttribute("aria-label", `Play ${item.title}, ${span}`);
  open.addEventListener("click", () => act.open(item));
  similar.setAttribute("aria-label", `Find moments similar to ${item.title}, ${span}`);
  similar.addEventListener("click", () => act.similar(item));
  showMatch(card, item);
  showThumbs(card, item, act.judge);
  countCopies(card.querySelector(".card-copies"), item);
  showBestWords(card.querySelector(".card-words"), item);
  if (item.aligned) showAligned(card.querySelector(".card-words"), item.aligned);
  showPicture(card.querySelector(".thumb"), item);
  return card;
}

/** Which part of the clip that was asked with is here. */
function showAligned(line, parts) {
  const [{ clip_start_s, clip_end_s, kind }] = parts;
  line.hidden = false;
  line.textContent = `${range(clip_start_s, clip_end_s)} of your clip, ${kind === "copy" ? "a copy" : "alike"}`;
}

/** When it is, and when each step of a sequence is. */
function timesOf({ start_s, end_s, steps }) {
  return steps ? steps.map((step) => clock(step.start_s)).join(" → ") : range(start_s, end_s);
}

/** An empty card that shows that results are coming. */
export function waitingCard() {
  const card = template.content.cloneNode(true).firstElementChild;
  card.classList.add("waiting");
  card.setAttribute("aria-hidden", "true");
  for (const button of card.querySelectorAll("button")) button.tabIndex = -1;
  return card;
}

function showMatch(card, item) {
  const text = card.querySelector(".match-text");
  if (item.whole) {
    card.querySelector(".match-bar").remove();
    card.querySelector(".match-shares").remove();
    text.textContent = item.width ? `${item.width} × ${item.height}` : "";
    return;
  }
  const percent = Math.round(item.match * 100);
  showShares(card.querySelector(".match-bar"), item, percent);
  const shares = sharesText(item);
  card.querySelector(".match").title = `How near it comes to the best match. ${shares}`;
  card.querySelector(".match-shares").textContent = shares;
  text.textContent = item.rank === 0 ? (item.unsure ? "Nearest" : "Best match") : `${percent} %`;
}

/** Thumbs, of which a pressed one is taken back when it is pressed again. */
function showThumbs(card, item, judge) {
  card.querySelector(".thumbs").hidden = !judge || item.whole;
  for (const [name, says, relevant] of [["up", "More like", true], ["down", "Not", false]]) {
    const button = card.querySelector(`.thumb-${name}`);
    const pressed = item.relevant === relevant;
    button.setAttribute("aria-pressed", pressed);
    button.setAttribute("aria-label", `${says} this: ${item.title}, ${range(item.start_s, item.end_s)}`);
    button.addEventListener("click", () => judge(item, pressed ? null : relevant, `.thumb-${name}`));
  }
}

function showPicture(thumb, item) {
  const poster = thumb.querySelector(".thumb-poster");
  poster.addEventListener("error", () => poster.classList.add("absent"));
  poster.src = item.poster;
  const tile = thumb.querySelector(".thumb-tile");
  const picture = pictureOf(item);
  if (!picture) {
    tile.remove();
    return;
  }
  thumb.classList.add("has-tile");
  placeTile(tile, picture);
  if (picture.interval_s) playTiles(thumb, tile, item);
}

/** What to show before the poster: the moment's tile, or an upright poster as a whole. */
function pictureOf(item) {
  const { width, height } = item.thumbnail ?? item;
  // the poster is sharper, and shows the moment too when the moment is nearly the whole video
  const posterDoes = item.end_s - item.start_s > MOST_OF_IT * item.duration_s;
  if (item.thumbnail && !posterDoes) return item.thumbnail;
  if (!(width / height < NARROWEST)) return null;
  return { url: item.poster, width, height, column: 0, columns: 1, row: 0, rows: 1 };
}
