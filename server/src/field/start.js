// Starts the program of the field. The server fills in the names of one version's files.
if (document.documentElement.dataset.build === "{{version}}") {
  import("{{program}}")
    .then(async (program) => {
      await program.default({ module_or_path: "{{wasm}}" });
      // In a task of its own: what starts the program has kept the browser busy long enough.
      await new Promise((next) => setTimeout(next));
      program.field();
    })
    .catch((error) => {
      document.getElementById("opening-now")?.setAttribute("hidden", "");
      document.getElementById("opening-failed")?.removeAttribute("hidden");
      throw error;
    });
} else {
  // An update came between the page and this file. Two versions are never mixed: the next page is all of the new one.
  location.reload();
}
