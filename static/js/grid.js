// Cells copied from a spreadsheet, pasted on a cell of a grid, spread over its rows; without scripts the box below does it.
(() => {
  "use strict";

  const cellsOf = (body) => [...body.querySelectorAll("td[data-label] :is(input, select, textarea)")];
  const renumber = (text, prefix, number) => text.replace(new RegExp(`${prefix}-\\d+(?=-|$)`), `${prefix}-${number}`);

  // A new last row is a copy of the one before it, empty; its buttons wait for the page that comes back.
  const grow = (table) => {
    const prefix = table.dataset.grid;
    const last = table.tBodies[table.tBodies.length - 1];
    const number = table.tBodies.length;
    const row = last.cloneNode(true);
    row.id = `${prefix}-riga-${number}`;
    row.querySelectorAll("button, .field-error").forEach((node) => { node.remove(); });
    row.querySelectorAll(".row-note").forEach((note) => { note.replaceChildren(); });
    row.querySelectorAll("[id], [name], [aria-label]").forEach((node) => {
      for (const name of ["id", "name"]) {
        if (node.hasAttribute(name)) node.setAttribute(name, renumber(node.getAttribute(name), prefix, number));
      }
      const said = node.getAttribute("aria-label");
      if (said) node.setAttribute("aria-label", said.replace(/\d+$/, String(number + 1)));
    });
    row.querySelectorAll("input, select, textarea").forEach((control) => {
      if (control.type === "checkbox") control.checked = false;
      else control.value = "";
    });
    table.append(row);
    const total = document.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
    total.value = String(number + 1);
    return row;
  };

  const put = (control, text) => {
    const value = text.trim();
    if (control.type === "checkbox") control.checked = /^(s[iì]|x|1|vero|yes|true)$/i.test(value);
    else if (control.type === "date") control.value = value.replace(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/, (_all, day, month, year) => `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`);
    else if (control.tagName === "SELECT") {
      const wanted = value.toLowerCase();
      const found = [...control.options].find((one) => one.value === wanted || one.text.toLowerCase() === wanted) ?? [...control.options].find((one) => wanted && one.text.toLowerCase().includes(wanted));
      if (found) control.value = found.value;
    } else control.value = value;
  };

  document.addEventListener("paste", (event) => {
    const start = event.target instanceof Element && event.target.closest("table[data-grid] td[data-label]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const lines = text.replace(/\r?\n$/, "").split(/\r?\n/).filter((line) => line.trim()).map((line) => line.split("\t"));
    if (!start || (lines.length < 2 && (lines[0]?.length ?? 0) < 2)) return;
    event.preventDefault();
    const table = start.closest("table");
    const first = start.closest("tbody");
    const left = cellsOf(first).findIndex((control) => start.contains(control));
    let number = [...table.tBodies].indexOf(first);
    for (const cells of lines.slice(0, 200 - number)) {
      const row = table.tBodies[number] ?? grow(table);
      const controls = cellsOf(row);
      cells.forEach((cell, offset) => {
        if (controls[left + offset]) put(controls[left + offset], cell);
      });
      number += 1;
    }
    table.dispatchEvent(new CustomEvent("rows-changed", { bubbles: true }));
  });

  // A link of the linter opens the folded part it leads to.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#accanto a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    const folded = target.closest("details");
    if (folded) folded.open = true;
  });
})();
