() => {
  const spoken = "title, h1, main h2, main button, main label, main legend, main th[scope=col], nav a, .field-hint";
  const words = /\b(della|delle|degli|dello|nella|con|sono|Salva|Scegli|Nessun[oa]?|domand[ae]|figli[oa]?|scuola|bambin[oi])\b/i;
  const unmarked = part => {
    const copy = part.cloneNode(true);
    copy.querySelectorAll("[lang=it]").forEach(piece => piece.remove());
    return copy.textContent;
  };
  return [...document.querySelectorAll(spoken)]
    .filter(part => words.test(unmarked(part)) && !part.closest("[lang=it]"))
    .map(part => `Italian in an English page: ${part.textContent.trim().replace(/\s+/g, " ").slice(0, 60)}`);
}
