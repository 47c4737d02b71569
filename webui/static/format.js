// Times and numbers as people read them.

/** 75.4 to "1:15", 3725 to "1:02:05". */
export function clock(seconds) {
  const whole = Math.floor(seconds + 1e-6);
  const pad = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours
    ? `${hours}:${pad(minutes)}:${pad(whole % 60)}`
    : `${minutes}:${pad(whole % 60)}`;
}

/** "0:12–0:21"; the end is rounded up so that no moment looks empty. */
export function range(start, end) {
  return `${clock(start)}–${clock(Math.max(Math.ceil(end - 0.05), Math.floor(start) + 1))}`;
}

/** 3, "moment" to "3 moments". */
export function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
