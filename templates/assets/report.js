// Optional features: filter, a cell per release, copy buttons.
(() => {
  "use strict";
  const asked = new URLSearchParams(location.search);
  const find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];

  function remember(key, value) {
    const url = new URL(location);
    if (value) url.searchParams.set(key, value); else url.searchParams.delete(key);
    // some browsers throw if the page is a local file
    try { history.replaceState(null, "", url); } catch {}
  }

  function tick(box, key, apply) {
    box.checked = asked.has(key);
    box.onchange = () => { apply(); remember(key, box.checked && 1); };
    if (box.checked) apply();
  }

  const version = (head) => head.href.replace(/.*\/|\.html$/g, "");

  function filter(box) {
    const groups = all(".matrix > tbody");
    const text = find("#filter"), moved = find("#moved"), questions = all("#questions > li");
    const symbols = groups.map((group) => group.querySelector("th").textContent.toLowerCase().replace(/\s|\(.*/g, ""));
    const other = find("#other"), releases = all(".matrix .version a");
    const page = (head) => Object.assign(head.cloneNode(), { textContent: "TensorFlow " + version(head) });
    const apply = () => {
      const plain = text.value.toLowerCase().replace(/.*warning: /, "").replaceAll("tensorflow.", "tf.");
      const typed = plain.split(/\s+/);
      let found = groups.map((group) => typed.every((word) => group.textContent.toLowerCase().includes(word)));
      // a program or a question: the symbols that it names, whole or by their last parts
      const words = plain.match(/\w+(\.\w+)*/g) || [];
      if (!found.includes(true)) found = symbols.map((symbol) => words.some((word) => ("." + symbol).endsWith("." + word)));
      groups.forEach((group, index) => {
        group.hidden = !found[index] || (moved.checked && !group.classList.contains("moved"));
      });
      const shown = groups.filter((group) => !group.hidden).length;
      if (other) {
        other.hidden = shown > 0;
        other.search = "?q=" + encodeURIComponent(text.value.trim());
      }
      // the questions that have the most of the words, and more than one of several
      const long = words.filter((word) => word.length > 2);
      const shared = questions.map((one) => long.filter((word) => one.textContent.toLowerCase().includes(word)).length);
      const most = Math.max(1, Math.min(2, long.length), ...shared);
      const answers = questions.filter((_, place) => shared[place] === most);
      // a release, such as 2.10
      const named = releases.filter((head) => words.some((word) => word.includes(".") && (version(head) + ".").startsWith(word + ".")));
      const ends = named.map(version), between = document.createElement("a");
      Object.assign(between, { href: "compare.html#" + ends.join(".."), textContent: "From " + ends.join(" to ") });
      const suggested = answers.map((one) => one.querySelector("a").cloneNode(true));
      const links = [...(ends.length === 2 ? [between] : []), ...named.map(page), ...suggested];
      find("#found").replaceChildren(shown === groups.length ? "" : shown + " of " + groups.length + " symbols",
        ...links.flatMap((one) => [" ", one]));
    };
    text.value = asked.get("q") || "";
    text.oninput = () => { apply(); remember("q", text.value.trim()); };
    box.hidden = false;
    if (text.value) apply();
    tick(moved, "moved", apply);
  }

  function expand(box) {
    const heads = all(".matrix .version"), lines = all(".matrix > tbody > tr");
    const folded = lines.map((line) => line.innerHTML);
    const versions = heads.map((head) => version(head.querySelector("a")));
    const unfold = (first, cell) => {
      const size = cell.colSpan;
      for (let n = 0; n < size; n += 1) {
        const own = cell.cloneNode(true), link = own.querySelector("a"), at = first + n;
        own.colSpan = 1;
        if (n) own.classList.remove("changed", "gap");
        own.classList.add("n", heads[at].classList.contains("q") ? "x" : "n");
        link.href = link.href.slice(0, -versions[first].length) + versions[at];
        own.querySelector("small").textContent = versions[at];
        cell.before(own);
      }
      cell.remove();
      return first + size;
    };
    tick(box, "every", () => lines.forEach((line, index) => {
      line.innerHTML = folded[index];
      if (box.checked) [...line.querySelectorAll("td")].reduce(unfold, 0);
    }));
  }

  function copying() {
    all("pre.copy-me").forEach((block) => {
      const site = new URL(".", find("link").href).href;
      if (location.protocol !== "file:") {
        block.textContent = block.textContent.replaceAll("SITE/", site).replaceAll("SITE%2F", encodeURIComponent(site));
      }
      const button = document.createElement("button");
      button.className = "copy";
      button.textContent = "Copy";
      button.onclick = () => {
        const say = (text) => { button.textContent = text; };
        const select = () => { getSelection().selectAllChildren(block); say("Selected"); };
        if (navigator.clipboard) navigator.clipboard.writeText(block.textContent).then(() => say("Copied"), select);
        else select();
      };
      block.after(button);
    });
  }

  if (find("#filters")) { expand(find("#every")); filter(find("#filters")); }
  copying();
})();
