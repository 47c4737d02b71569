// A clip or picture to search with: chosen, dropped or pasted.

/** Call `use(file)` whenever someone hands a file to the page. */
export function watchFiles({ button, input, zone, use }) {
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    if (input.files.length) use(input.files[0]);
    input.value = ""; // so that choosing the same file again counts
  });
  document.addEventListener("paste", (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (file) use(file);
  });
  watchDrops(zone, use);
}

function watchDrops(zone, use) {
  const carriesFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const show = (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault(); // else the browser leaves the page and opens the file
    event.dataTransfer.dropEffect = "copy";
    zone.hidden = false;
  };
  document.addEventListener("dragenter", show);
  document.addEventListener("dragover", show);
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) zone.hidden = true;
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    zone.hidden = true;
    if (event.dataTransfer.files.length) use(event.dataTransfer.files[0]);
  });
}
