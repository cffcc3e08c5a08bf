() => {
  const spoken = "title, h1, main h2, main button, main label, main legend, main th[scope=col], nav a, .field-hint";
  const words = /\b(della|delle|degli|dello|nella|con|sono|Salva|Scegli|Nessun[oa]?|domand[ae]|figli[oa]?|scuola|bambin[oi])\b/i;
  return [...document.querySelectorAll(spoken)]
    .filter(part => words.test(part.textContent) && !part.closest("[lang=it]"))
    .map(part => `Italian in an English page: ${part.textContent.trim().replace(/\s+/g, " ").slice(0, 60)}`);
}
