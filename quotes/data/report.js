"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const keys = (text) => (text ? text.split(" ") : []);
  const fold = (text) => { const low = text.toLowerCase(); return low.length === text.length ? low : text; };
  const overview = document.getElementById("overview");
  const words = document.getElementById("words");
  const status = document.getElementById("status");
  const reset = document.getElementById("reset");
  const filters = all("[data-filter]");
  const narrow = matchMedia("(max-width: 61.99rem)");
  const articles = all("article.report").map(read);
  const byId = new Map(articles.map((each) => [each.element.id, each]));
  let article;
  let offered = false;
  let claim = null;
  let source = "";

  function read(element) {
    const claims = all(".claim", element).map((card) => ({
      card, number: card.dataset.claim, kind: card.dataset.kind, origin: card.dataset.origin, path: card.dataset.path,
      fold: card.closest("details.uncertain"), confidence: Number(card.dataset.confidence), from: keys(card.dataset.from), via: keys(card.dataset.via),
    }));
    const likely = claims.filter((each) => !each.fold);
    return { element, claims, likely, byNumber: new Map(claims.map((each) => [each.number, each])), ready: false };
  }

  /* Pieces of the text by claim and by hop, and the words to search in: read when an article is first opened. */
  function prepare(each) {
    if (each.ready) return each;
    each.ready = true;
    each.names = named(each);
    each.pieces = all("[data-c], [data-h]", each.element).map((piece) => ({
      piece, claims: keys(piece.dataset.c), hops: keys(piece.dataset.h),
    }));
    each.badges = all("[data-badge]", each.element);
    for (const every of each.claims) every.text = fold(every.card.textContent);
    return each;
  }

  function named(each) {
    return new Map(all("[data-source]", each.element).map((pick) => [pick.dataset.source, one(".name", pick).textContent]));
  }

  /* ---- what fits ---- */

  function wanted() {
    const asked = Object.fromEntries(filters.map((each) => [each.dataset.filter, each.value]));
    return { ...asked, confidence: Number(asked.confidence), terms: fold(words.value.trim()).split(/\s+/).filter(Boolean) };
  }

  function fits(each, asked) {
    return (!asked.kind || each.kind === asked.kind) && (!asked.origin || each.origin === asked.origin)
      && (!asked.path || each.path === asked.path) && each.confidence >= asked.confidence
      && (!asked.from || keys(asked.from).some((key) => each.from.includes(key))) && (!asked.via || each.via.includes(asked.via));
  }

  const holds = (text, terms) => terms.every((term) => text.includes(term));
  const isUnfolded = (each) => !each.fold || each.fold.open;
  const isHeard = (each) => each.from.includes(source) || each.via.includes(source);

  function filtered(asked) {
    return filters.filter((each) => each.dataset.filter === "confidence" ? asked.confidence > 0 : each.value).length;
  }

  function apply() {
    const asked = wanted();
    const active = filtered(asked);
    document.getElementById("active").textContent = active ? ` (${active})` : "";
    document.getElementById("least").textContent = asked.confidence.toFixed(2);
    reset.hidden = !(active || asked.terms.length || source);
    if (article) showClaims(article, asked); else showArticles(asked, active);
    highlight(asked.terms);
  }

  function showClaims(shown, asked) {
    const fit = new Set();
    for (const each of shown.claims) {
      const ok = fits(each, asked) && holds(each.text, asked.terms) && (!source || isHeard(each));
      each.card.hidden = !ok && each !== claim;
      if (ok) fit.add(each.number);
    }
    for (const each of shown.pieces) {
      each.piece.classList.toggle("off", each.claims.length > 0 && !each.claims.some((number) => fit.has(number)));
      each.piece.classList.toggle("lit", each.claims.some((number) => (claim ? claim.number === number : source && fit.has(number))));
      const own = claim ? each.hops.some((hop) => hop.startsWith(`${claim.number}.`)) : false;
      each.piece.classList.toggle("lit-words", own);
      each.piece.classList.remove("now");
    }
    for (const badge of shown.badges) {
      badge.classList.toggle("off", !fit.has(badge.dataset.badge));
      badge.classList.toggle("on", Boolean(claim) && claim.number === badge.dataset.badge);
    }
    const none = one(".none", shown.element);
    none.hidden = fit.size > 0 || shown.claims.length === 0;
    const by = source && shown.names.get(source) ? `, ${shown.names.get(source)}` : "";
    const total = shown.likely.length;
    const likely = shown.likely.filter((each) => fit.has(each.number)).length;
    const doubtful = fit.size > likely ? ` and ${fit.size - likely} uncertain` : "";
    status.textContent = `${likely === total ? total : `${likely} of ${total}`} claim${total === 1 ? "" : "s"}${doubtful}${by}`;
    picked(shown);
  }

  function picked(shown) {
    for (const pick of all("[data-source]", shown.element)) pick.setAttribute("aria-pressed", String(pick.dataset.source === source));
    for (const node of all("[data-node]", shown.element)) node.setAttribute("aria-pressed", String(node.dataset.node === source));
    for (const edge of all("[data-keys]", shown.element)) edge.classList.toggle("dim", Boolean(source) && !keys(edge.dataset.keys).includes(source));
  }

  function showArticles(asked, active) {
    let shown = 0;
    let claims = 0;
    for (const row of all("[data-article]", overview)) {
      const each = byId.get(row.dataset.article);
      if (asked.terms.length && each.text === undefined) each.text = fold(`${each.element.textContent} ${row.textContent}`);
      const fit = each.likely.filter((every) => fits(every, asked)).length;
      row.hidden = (active > 0 && fit === 0) || (asked.terms.length > 0 && !holds(each.text, asked.terms));
      one("[data-count]", row).textContent = active ? `${fit} of ${each.likely.length}` : each.likely.length;
      if (!row.hidden) { shown += 1; claims += fit; }
    }
    status.textContent = `${shown} of ${articles.length} articles, ${claims} claims`;
  }

  /* ---- the words that were searched for, marked without touching the text ---- */

  function highlight(terms) {
    if (!("highlights" in CSS)) return;
    CSS.highlights.delete("found");
    if (!article || !terms.length) return;
    const nodes = [];
    let text = "";
    const walker = document.createTreeWalker(one(".text", article.element), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.classList.contains("badge")) continue;
      nodes.push([text.length, node]);
      text += node.data;
    }
    const low = fold(text);
    const at = (offset) => {
      let first = 0;
      let last = nodes.length - 1;
      while (first < last) { const middle = (first + last + 1) >> 1; if (nodes[middle][0] <= offset) first = middle; else last = middle - 1; }
      return [nodes[first][1], offset - nodes[first][0]];
    };
    const ranges = [];
    for (const term of terms) {
      for (let found = low.indexOf(term); found >= 0 && ranges.length < 2000; found = low.indexOf(term, found + term.length)) {
        const range = new Range();
        range.setStart(...at(found));
        const [node, offset] = at(found + term.length - 1);
        range.setEnd(node, offset + 1);
        ranges.push(range);
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  /* ---- choosing ---- */

  function choose(each, { scroll = "", focus = false } = {}) {
    if (claim) toggle(claim, false);
    claim = each;
    if (claim) toggle(claim, true);
    if (claim && claim.fold) claim.fold.open = true;
    apply();
    const place = claim ? `#${claim.card.id}` : overview && article ? `#${article.element.id}` : "#overview";
    history.replaceState(null, "", place);
    if (!claim) return;
    if (scroll !== "text" && !narrow.matches) claim.card.scrollIntoView({ block: "nearest" });
    if (scroll !== "card") {
      const first = one(`[data-badge="${CSS.escape(claim.number)}"]`, article.element);
      if (first) bring(first);
    }
    if (focus) one(".open", claim.card).focus({ preventScroll: true });
  }

  /* On a narrow screen the chosen claim covers the lower part. */
  function bring(element) {
    const { top, bottom } = element.getBoundingClientRect();
    const seen = top > 60 && bottom < innerHeight * (narrow.matches ? 0.4 : 1);
    if (!seen) element.scrollIntoView({ block: narrow.matches ? "start" : "center" });
  }

  function toggle(each, on) {
    each.card.classList.toggle("chosen", on);
    one(".open", each.card).setAttribute("aria-expanded", String(on));
  }

  function pick(key) {
    source = source === key ? "" : key;
    if (claim) { toggle(claim, false); claim = null; }
    apply();
    const first = source && one("mark.lit", article.element);
    if (first) bring(first);
  }

  function showWords(hop) {
    const own = article.pieces.filter((each) => each.hops.includes(hop));
    for (const each of article.pieces) each.piece.classList.toggle("now", own.includes(each));
    if (own.length) bring(own[0].piece);
  }

  function next(step) {
    const shown = article.claims.filter((each) => !each.card.hidden && isUnfolded(each));
    const at = shown.indexOf(claim);
    const other = shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : at + step];
    if (other) choose(other, { focus: true });
  }

  /* ---- which article is open; the names that its filters offer ---- */

  function open(shown) {
    if (claim) { toggle(claim, false); claim = null; }
    source = "";
    article = shown && prepare(shown);
    if (overview) overview.hidden = Boolean(article);
    for (const each of articles) each.element.hidden = each !== article && Boolean(overview);
    offered = false;
  }

  function offerNames() {
    if (offered) return;
    offered = true;
    const shown = article ? [article] : articles;
    const names = new Map(shown.flatMap((each) => [...named(each)]));
    for (const side of ["from", "via"]) offer(side, shown, names);
  }

  function offer(side, shown, names) {
    const counts = new Map();
    for (const each of shown) for (const every of each.likely) for (const key of every[side]) counts.set(key, (counts.get(key) || 0) + 1);
    const select = filters.find((each) => each.dataset.filter === side);
    const before = select.value;
    while (select.options.length > 1) select.remove(1);
    const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 400);
    if (before && !counts.has(before)) most.push([before, 0]);
    for (const [key, count] of most) select.add(new Option(`${names.get(key) || key} (${count})`, key));
    select.value = before;
  }

  /* A source over all articles: the keys of all its names. */
  function ask(value, name) {
    const select = filters.find((each) => each.dataset.filter === "from");
    if (![...select.options].some((each) => each.value === value)) select.add(new Option(name, value));
    select.value = value;
  }

  function follow() {
    const place = decodeURIComponent(location.hash.slice(1));
    const shown = articles.find((each) => place === each.element.id || place.startsWith(`${each.element.id}-`));
    const next = shown || (overview ? null : articles[0]);
    const moved = next !== article;
    if (moved) open(next);
    const number = place.includes("-claim-") ? place.split("-claim-")[1] : "";
    const chosen = article && article.byNumber.get(number);
    if (chosen) { choose(chosen, { scroll: "both" }); return; }
    apply();
    if (moved && overview) scrollTo(0, 0);
  }

  /* ---- events ---- */

  document.addEventListener("click", (event) => {
    const badge = event.target.closest("[data-badge]");
    const card = event.target.closest(".open");
    const piece = event.target.closest("[data-c], [data-h]");
    const hop = event.target.closest("[data-hop]");
    const node = event.target.closest("[data-source], [data-node]");
    const everywhere = event.target.closest("[data-everywhere]");
    if (!event.target.closest(".filters")) one(".filters").open = false;
    if (everywhere) {
      offerNames();
      ask(everywhere.dataset.everywhere, everywhere.textContent);
      apply();
      one(".articles", overview).scrollIntoView({ block: "start" });
    } else if (hop) showWords(hop.dataset.hop);
    else if (badge) {
      event.preventDefault();
      choose(article.byNumber.get(badge.dataset.badge), { scroll: "card", focus: event.detail === 0 });
    } else if (card) {
      const each = article.byNumber.get(card.closest(".claim").dataset.claim);
      choose(each === claim ? null : each, { scroll: "text" });
    } else if (node && article) pick(node.dataset.source || node.dataset.node);
    else if (piece && article && String(getSelection()) === "") choose(pointed(piece), { scroll: "card" });
  });

  /* The claim that a piece of the text stands for; where several overlap, the one after the chosen. */
  function pointed(piece) {
    const own = [...keys(piece.dataset.c), ...keys(piece.dataset.h).map((hop) => hop.split(".")[0])];
    const numbers = [...new Set(own)].filter((number) => article.byNumber.has(number) && isUnfolded(article.byNumber.get(number)));
    return article.byNumber.get(numbers[(numbers.indexOf(claim && claim.number) + 1) % numbers.length]) || null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const badge = claim && one(`[data-badge="${CSS.escape(claim.number)}"]`, article.element);
      if (one(".filters").open) { one(".filters").open = false; one(".filters summary").focus(); }
      else if (claim) { choose(null); if (badge) badge.focus(); }
      else if (source) pick(source);
    } else if ((event.key === "Enter" || event.key === " ") && event.target.matches("[data-node][role=button]")) {
      event.preventDefault();
      pick(event.target.dataset.node);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.matches(".claim .open")) {
      event.preventDefault();
      next(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target === words && article) {
      const first = article.claims.find((each) => !each.card.hidden && isUnfolded(each));
      if (first && words.value.trim()) choose(first);
    }
  });

  one(".filters").addEventListener("toggle", offerNames);
  words.addEventListener("input", apply);
  for (const each of filters) each.addEventListener("input", apply);
  reset.addEventListener("click", () => {
    words.value = "";
    source = "";
    for (const each of filters) each.value = each.dataset.filter === "confidence" ? "0" : "";
    apply();
  });
  addEventListener("hashchange", follow);

  document.documentElement.classList.add("live");
  one(".tools").hidden = false;
  follow();
})();
