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
export function count(number, noun, many = `${noun}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? noun : many}`;
}

/** "2017-10-19T00:00:00+00:00" to "October 19, 2017". */
export function day(time) {
  return new Date(time).toLocaleDateString("en", { dateStyle: "long", timeZone: "UTC" });
}

/** 11108852 to "11.1 MB". */
export function bytes(number) {
  const [unit, name] = number < 1e6 ? [1e3, "kB"] : number < 1e9 ? [1e6, "MB"] : [1e9, "GB"];
  return `${(number / unit).toLocaleString("en", { maximumFractionDigits: 1 })} ${name}`;
}

/** {latitude: 48.137, longitude: -11.58} to "48.137° N, 11.580° W". */
export function degrees({ latitude, longitude }) {
  const written = (value, signs) => `${Math.abs(value).toFixed(3)}° ${signs[Number(value < 0)]}`;
  return `${written(latitude, "NS")}, ${written(longitude, "EW")}`;
}

/** "en" to "English". */
export function languageName(code) {
  if (!code) return "Unknown language";
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(code);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return code; // no code at all
  }
}
