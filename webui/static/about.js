// What is known of a video: when, where and by whom, its tags and its description.
import { bytes, day, degrees } from "./format.js";

const byId = (id) => document.getElementById(id);

/** Fill the player's details; `linkTo(name, value)` makes a link that sets a filter. */
export function showAbout(video, linkTo) {
  byId("about-facts").replaceChildren(...facts(video, linkTo).map(entry));
  byId("about-tags").replaceChildren(...video.tags.map((tag) => entry(linkTo("tag", tag))));
  byId("about-tags").hidden = !video.tags.length;
  byId("about-text").textContent = video.description;
  byId("about-text").hidden = !video.description;
  byId("about-text").scrollTop = 0;
  byId("about").hidden = false;
}

/** Say that nothing can be told, and why. */
export function showNoDetails(message) {
  byId("about-facts").replaceChildren(entry(message));
  byId("about-tags").hidden = true;
  byId("about-text").hidden = true;
  byId("about").hidden = false;
}

function facts(video, linkTo) {
  const { recorded_at, author, camera, place, width, height, codec, size_bytes, url } = video;
  return [
    recorded_at && day(recorded_at),
    author,
    camera && linkTo("camera", camera),
    place && linkTo("near", `${place.latitude},${place.longitude}`, degrees(place)),
    `${width} × ${height}`,
    codec,
    bytes(size_bytes),
    url && source(url),
  ].filter(Boolean);
}

function source(url) {
  const link = document.createElement("a");
  link.href = url;
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  link.textContent = `${link.hostname.replace(/^www\./, "") || url} ↗`;
  link.title = url;
  return link;
}

function entry(content) {
  const line = document.createElement("li");
  line.append(content);
  return line;
}
