language => {
  const ROW_HEIGHT = 40;
  const CARD_BLANK = 34; // 24 of padding, and what a line is taller than its letters
  const faults = [];
  const all = selector => [...document.querySelectorAll(selector)];
  const box = part => part.getBoundingClientRect();
  const visible = part => part.checkVisibility() && box(part).height > 1;
  const name = part => `${part.tagName.toLowerCase()}.${part.className} "${part.innerText.trim().slice(0, 40)}"`;
  const wide = document.documentElement.clientWidth >= 992;

  function frame() {
    if (document.documentElement.lang !== language) faults.push(`lang is ${document.documentElement.lang}`);
    if (all("h1").length !== 1) faults.push(`${all("h1").length} h1`);
    if (!document.title.trim()) faults.push("no title");
    const edge = band => Math.round(box(band).left + parseFloat(getComputedStyle(band).paddingLeft));
    const edges = new Set(all(".band").filter(visible).map(edge));
    if (edges.size > 1) faults.push(`left edges at ${[...edges].join(", ")}`);
    const height = all(".slim-header, .site-header").reduce((sum, band) => sum + box(band).height, 0);
    if (height > (wide ? 97 : 65)) faults.push(`header of ${height} px`);
    const filled = all("main .btn-primary").filter(visible);
    if (filled.length > 1) faults.push(`${filled.length} filled buttons: ${filled.map(name).join("; ")}`);
  }

  function tables() {
    const low = all("table.data tbody tr").filter(visible).find(row => box(row).height < ROW_HEIGHT);
    if (low) faults.push(`low row: ${name(low)}`);
    const isAmount = cell => /^[−-]?[\d.]+(,\d\d)? €$/.test(cell.innerText.trim());
    const onTheLeft = cell => isAmount(cell) && getComputedStyle(cell).textAlign !== "right";
    const amount = wide && all("table.data:not(.changes) td").filter(visible).find(onTheLeft);
    if (amount) faults.push(`amount not on the right: ${name(amount)}`);
    if (all(".list-head").length && all("main table.data").length && !all(".pager-row").length) faults.push("no pager");
  }

  function lowestInk(card) {
    const bottoms = [...card.querySelectorAll("img, svg, input, .btn")].filter(visible).map(part => box(part).bottom);
    const texts = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (!text.data.trim() || !visible(text.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      bottoms.push(box(range).bottom);
    }
    return Math.max(...bottoms);
  }

  function cards() {
    for (const card of all(".panel").filter(visible)) {
      const blank = Math.round(box(card).bottom - lowestInk(card));
      if (blank > CARD_BLANK) faults.push(`${blank} px of blank under ${name(card)}`);
    }
  }

  function words() {
    const text = document.querySelector("main").innerText;
    const leftover = text.match(/\bNone\b(?! [a-z])|\bTrue\b|\bFalse\b|\{\{|\}\}|\{%|%\(\w+\)s|&[a-z]+;|\w+_\w+ ×/);
    if (leftover) faults.push(`words of the machine: ${text.slice(Math.max(0, leftover.index - 30), leftover.index + 30)}`);
    const loose = all("main p").filter(part => visible(part) && !part.closest(".panel") && !part.querySelector("a"));
    const parts = loose.flatMap(part => part.innerText.split(/[.!?]\s*/)).map(part => part.trim());
    const sentences = parts.filter(part => part.length > 24 && part.includes(" "));
    const isDouble = (one, place) => sentences.some((other, there) => place !== there && other.includes(one));
    const doubled = sentences.find(isDouble);
    if (doubled) faults.push(`said twice: ${doubled}`);
  }

  frame();
  tables();
  cards();
  words();
  return faults;
}
