"use strict";
(() => {
  const asked = document.getElementById("asked");
  const found = document.getElementById("found");
  const hits = document.getElementById("hits");
  const loads = new Map();
  const arrivals = new Map();
  const FIRST = 15;
  const MORE = 50;
  let index = null;
  let turn = 0;

  /* ---- data: a page from a disk may not fetch, so each file is a script that hands its part over ---- */

  globalThis.quotesSearch = {
    index: (given) => { index = given; },
    words: (number, given) => arrivals.get(`words-${number}`)(given),
    things: (number, given) => arrivals.get(`things-${number}`)(given),
  };

  function load(name) {
    if (!loads.has(name)) {
      loads.set(name, new Promise((arrived, failed) => {
        arrivals.set(name, arrived);
        const script = document.createElement("script");
        script.src = `search/${name}.js`;
        script.addEventListener("error", () => { loads.delete(name); failed(new Error(name)); });
        document.head.append(script);
      }));
    }
    return loads.get(name);
  }

  /* As quotes/views/site/search.py parts and folds words. */
  const words = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) || [];

  async function numbers(term) {
    const prefix = [...term].slice(0, index.prefix).join("");
    if (!Object.hasOwn(index.prefixes, prefix)) return new Set();
    const all = new Set();
    for (const [word, steps] of Object.entries(await load(`words-${index.prefixes[prefix]}`))) {
      if (!word.startsWith(term)) continue;
      let at = 0;
      for (const step of steps) { at += step; all.add(at); }
    }
    return all;
  }

  async function thing(number) {
    return (await load(`things-${Math.floor(number / index.things)}`))[number % index.things];
  }

  /* ---- answers ---- */

  async function answer() {
    turn += 1;
    const own = turn;
    const given = words(asked.value);
    const terms = [...new Set(given)].filter((term) => !index.common.includes(term));
    remember(asked.value.trim());
    if (!terms.length) {
      show(given.length ? "These words stand almost everywhere. Add another one." : "", []);
      return;
    }
    try {
      const sets = (await Promise.all(terms.map(numbers))).sort((one, other) => one.size - other.size);
      const fit = [...sets[0]].filter((number) => sets.every((each) => each.has(number))).sort((one, other) => one - other);
      const groups = grouped(fit);
      const first = await Promise.all(groups.map(({ fits }) => Promise.all(fits.slice(0, FIRST).map(thing))));
      if (own === turn) show(summary(groups), groups.map((group, at) => section(group, first[at])));
    } catch (error) {
      if (own === turn) show(`A file of the search could not be loaded: search/${error.message}.js.`, []);
    }
  }

  function grouped(fit) {
    let start = 0;
    return index.groups.map(([heading, count]) => {
      const [from, to] = [start, start + count];
      start = to;
      return { heading, fits: fit.filter((number) => number >= from && number < to) };
    }).filter(({ fits }) => fits.length);
  }

  function summary(groups) {
    return groups.length ? groups.map(({ heading, fits }) => `${heading}: ${fits.length}`).join(" · ") : "Nothing was found.";
  }

  function section({ heading, fits }, first) {
    const part = element("section");
    part.append(element("h2", "section", `${heading} (${fits.length})`));
    const list = element("ol", "hits");
    list.append(...first.map(hit));
    part.append(list);
    let shown = first.length;
    if (shown < fits.length) {
      const more = element("button", "more", "Show more");
      more.type = "button";
      more.setAttribute("aria-label", `Show more: ${heading}`);
      more.addEventListener("click", async () => {
        const next = await Promise.all(fits.slice(shown, shown + MORE).map(thing));
        shown += next.length;
        const items = next.map(hit);
        list.append(...items);
        more.hidden = shown >= fits.length;
        items[0].firstChild.focus();
      });
      part.append(more);
    }
    return part;
  }

  function hit([shown, note, path]) {
    const item = element("li");
    const link = element("a", "", shown);
    link.href = path;
    link.dir = "auto";
    const below = element("span", "how", note);
    below.dir = "auto";
    item.append(link, below);
    return item;
  }

  function element(name, style = "", text = "") {
    const made = document.createElement(name);
    if (style) made.className = style;
    made.textContent = text;
    return made;
  }

  function show(text, sections) {
    found.textContent = text;
    hits.replaceChildren(...sections);
  }

  function remember(text) {
    history.replaceState(null, "", text ? `?q=${encodeURIComponent(text)}` : location.pathname);
  }

  addEventListener("DOMContentLoaded", () => {
    const form = asked.form;
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    if (!index) { show("The search could not be loaded: search/index.js is missing.", []); return; }
    asked.value = new URLSearchParams(location.search).get("q") || "";
    asked.addEventListener("input", answer);
    asked.focus();
    answer();
  });
})();
