// Optional features: filter, a cell per release, comparison of any two releases, copy buttons.
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

  function filter(box) {
    const groups = all(".matrix > tbody");
    const text = find("#filter"), moved = find("#moved");
    const apply = () => {
      const names = groups.map((group) => group.textContent.toLowerCase());
      const hits = (words) => names.map((name) => words.every((word) => name.includes(word)));
      const typed = text.value.toLowerCase().replaceAll("tensorflow.", "tf.").split(/\s+/);
      let found = hits(typed);
      // accept a call from a program: the symbol is the part before its brackets
      if (!found.includes(true)) found = hits(typed.map((word) => word.replace(/(.)\(.*/, "$1")));
      groups.forEach((group, index) => {
        group.hidden = !found[index] || (moved.checked && !group.classList.contains("moved"));
      });
      const shown = groups.filter((group) => !group.hidden).length;
      find("#found").textContent = shown === groups.length ? "" : shown + " of " + groups.length + " symbols";
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
    const versions = heads.map((head) => head.querySelector("a").href.replace(/.*\/|\.html$/g, ""));
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

  function compare(box) {
    const { releases, unclear, entries, gone, ...data } = JSON.parse(find("#data").textContent);
    const from = find("#from"), to = find("#to"), out = find("#difference");
    const unfold = (lengths) => lengths.flatMap((code, i) => (i % 2 ? [] : Array(lengths[i + 1]).fill(code)));
    const lines = data.lines.map(unfold);
    const rows = data.rows.map(([name, role, slug, lengths, others]) =>
      ({ name, role, slug, cells: unfold(lengths), others: others.map((line) => lines[line]) }));

    function make(tag, text, parent) {
      const node = document.createElement(tag);
      node.textContent = text;
      if (parent) parent.append(node);
      return node;
    }
    function link(row, parent) {
      const node = make("a", "", parent);
      node.href = "symbol/" + row.slug + ".html#" + row.role + "-" + to.value;
      make("code", row.name, node);
    }
    function chip(row, at, parent) {
      const removed = !row.cells[at] && row.cells.slice(0, at).some((code) => code > 0);
      const [code, text, style] = removed ? gone : entries[row.cells[at]];
      make("span", code, parent).className = "chip " + style;
      parent.append(" " + text);
    }
    // groups rows that differ in the same way, as templates/pages/pair.jinja does
    function table(title, part, a, b) {
      if (!part.length) return;
      make("h3", title, out);
      const node = make("table", "", out), layers = part[0].role !== "weights";
      node.className = "plain stack";
      make("caption", title + ": rows that differ between " + from.value + " and " + to.value, node).className = "vh";
      const head = make("tr", "", make("thead", "", node)), body = make("tbody", "", node);
      ["Symbol", ...(layers ? ["Role"] : []), from.value, to.value].forEach((text) => { make("th", text, head).scope = "col"; });
      Object.values(Object.groupBy(part, (row) => [row.role, row.cells[a], row.cells[b]])).forEach((group) => {
        const line = make("tr", "", body), names = make("th", "", line);
        names.scope = "row";
        group.forEach((row, index) => { if (index) make("br", "", names); link(row, names); });
        if (layers) make("td", group[0].role, line);
        [a, b].forEach((at) => chip(group[0], at, make("td", "", line)));
      });
    }
    function fresh(part, b) {
      if (!part.length) return;
      make("h3", "New in " + to.value, out);
      const list = make("ul", "", out);
      list.className = "columns";
      part.forEach((row) => {
        const line = make("li", "", list);
        link(row, line);
        line.append((row.role === "weights" ? "" : " " + row.role) + ": ");
        chip(row, b, line);
      });
    }
    // keep the wording equal to report/story/comparison.py
    function counted(differ, equal, why) {
      const unseen = [from.value, to.value].filter((release) => data.unseen.includes(release));
      if (unseen.length) return "Nothing was compared: " + unseen.join(" and ") + (unseen.length > 1 ? " were" : " was") + " not observed.";
      const unknown = why.reduce((sum, count) => sum + count, 0);
      const reasons = why.map((count, i) => count && count + " " + data.reasons[i]).filter(Boolean).join(", ");
      return "In law and existence " + differ + (differ === 1 ? " row differs, " : " rows differ, ") + equal + (equal === 1 ? " is" : " are")
        + " the same, " + unknown + " could not be compared" + (reasons && " (" + reasons + ")") + ".";
    }
    function further(same, a, b) {
      const kinds = data.kinds.map((title, kind) => {
        const compared = {};
        same.forEach((row) => {
          const was = row.others[kind][a], now = row.others[kind][b];
          if (was >= 0 && now >= 0) compared[row.name] = compared[row.name] || was !== now;
        });
        const found = Object.values(compared);
        return found.length && title + " " + found.filter(Boolean).length + " of " + found.length;
      }).filter(Boolean);
      return kinds.length ? "Where the law is the same, symbols that differ in other evidence: " + kinds.join(", ") + "." : "";
    }
    function show() {
      const a = releases.indexOf(from.value), b = releases.indexOf(to.value);
      const same = [], differ = [], why = data.reasons.map(() => 0);
      rows.forEach((row) => {
        const was = row.cells[a], now = row.cells[b];
        if (was < 0 || now < 0) why[-1 - (was < 0 ? was : now)] += 1;
        else if (was === now && unclear.includes(was)) why[why.length - 1] += 1;
        else (was === now ? same : differ).push(row);
      });
      out.replaceChildren();
      make("h2", "From " + from.value + " to " + to.value, out);
      make("p", counted(differ.length, same.length, why), out).setAttribute("role", "status");
      const more = further(same, a, b);
      if (more) make("p", more, out).className = "soft";
      const page = find('a[href="compare/' + from.value + ".." + to.value + '.html"]');
      if (page) make("a", "How to keep the old behaviour, with the proof", make("p", "", out)).href = page.href;
      const kept = differ.filter((row) => row.cells[a]);
      table("What layers start with", kept.filter((row) => row.role !== "weights"), a, b);
      table("What initializers draw", kept.filter((row) => row.role === "weights"), a, b);
      fresh(differ.filter((row) => !row.cells[a]), b);
      location.hash = from.value + ".." + to.value;
    }
    function read() {
      const [a, b] = location.hash ? decodeURIComponent(location.hash.slice(1)).split("..") : [asked.get("from"), asked.get("to")];
      if (!releases.includes(a) || !releases.includes(b)) return;
      from.value = a;
      to.value = b;
      show();
    }
    box.hidden = false;
    from.onchange = to.onchange = show;
    window.onhashchange = read;
    read();
  }

  if (find("#filters")) { expand(find("#every")); filter(find("#filters")); }
  if (find("#picker")) compare(find("#picker"));
  copying();
})();
