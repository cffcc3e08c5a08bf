// Small comforts on top of pages that work without JavaScript.
(() => {
  "use strict";

  // A second click must not send twice; the server is idempotent anyway.
  const release = (button) => {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  };
  const submitted = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-many")) return;
    if (submitted.has(form)) {
      event.preventDefault();
      return;
    }
    submitted.add(form);
    event.submitter?.setAttribute("aria-busy", "true");
    event.submitter?.setAttribute("aria-disabled", "true");
  });
  const reset = () => {
    document.querySelectorAll("[aria-busy][aria-disabled]").forEach(release);
    document.querySelectorAll("form").forEach((form) => submitted.delete(form));
  };
  window.addEventListener("pageshow", reset);
  document.addEventListener("htmx:afterRequest", reset);

  // After an invalid answer the summary speaks first.
  const focusErrors = (root) => root.querySelector(".error-summary")?.focus();
  document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));

  // Links of the summary that point at a group go to its first control.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    const control = target?.matches("fieldset, div") ? target.querySelector("input, select, textarea") : target;
    if (!control) return;
    event.preventDefault();
    control.focus();
    control.scrollIntoView({ block: "center" });
  });

  // Menus close on Escape and on a click elsewhere.
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // Files dropped on the zone land in its own input; the native control keeps showing the name.
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      const zone = event.target instanceof Element && event.target.closest(".dropzone");
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("is-over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) zone.querySelector("input[type='file']").files = event.dataTransfer.files;
    });
  }

  // On a phone the place where one is may lie beyond the edge of the row of links.
  document.querySelectorAll(".main-nav [aria-current], .tab-links [aria-current]").forEach((link) => {
    const row = link.closest("ul");
    row.scrollLeft = link.offsetLeft - row.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
  });

  // One box selects all the rows of a list page.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-select-all]")) return;
    const boxes = event.target.closest("form, table").querySelectorAll("tbody input[type='checkbox']");
    boxes.forEach((box) => { box.checked = event.target.checked; });
  });
})();
