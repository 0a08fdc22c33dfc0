// Optional: filter, a cell for every release, free comparison, copy buttons.
(() => {
  "use strict";
  const asked = new URLSearchParams(location.search);
  const find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];

  function remember(key, value) {
    const url = new URL(location);
    if (value) url.searchParams.set(key, value); else url.searchParams.delete(key);
    // some browsers refuse it to a page on disk
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
      // a call, as it stands in a program: what is before its brackets is the symbol
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
    const versions = heads.map((head) => head.firstChild.href.replace(/.*\/|\.html$/g, ""));
    const unfold = (first, cell) => {
      const size = cell.colSpan;
      for (let n = 0; n < size; n += 1) {
        const own = cell.cloneNode(true), link = own.firstChild, at = first + n;
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
      if (location.protocol !== "file:") block.textContent = block.textContent.replaceAll("SITE/", new URL(".", find("link").href));
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
    const { releases, values, unclear, ...data } = JSON.parse(find("#data").textContent), out = find("#difference");
    const from = find("#from"), to = find("#to");
    const unfold = (lengths) => lengths.flatMap((code, i) => (i % 2 ? [] : Array(lengths[i + 1]).fill(code)));
    const lines = data.lines.map(unfold);
    const rows = data.rows.map(([name, role, layer, slug, keyword, lengths, others, disputed, told]) =>
      ({ name, role, layer, slug, keyword, cells: unfold(lengths), others: others.map((line) => lines[line]), disputed, told }));

    function make(tag, text, parent) {
      const node = document.createElement(tag);
      node.textContent = text;
      if (parent) parent.append(node);
      return node;
    }
    function keep(row, a, b) {
      const law = row.cells[a];
      if (!law) return "";
      if (row.disputed.includes(a)) return "no law to keep: the evidence disagrees in " + releases[a];
      if (unclear.includes(law)) return "no law to keep: none was recognised in " + releases[a];
      const there = rows.filter((r) => r.cells[b] === law && !r.disputed.includes(b));
      const kin = there.filter((r) => r.role === row.role && r.layer === row.layer);
      const gone = !row.cells[b], heirs = kin.filter((r) => gone && !r.told);
      const told = kin.find((r) => r.told && (gone || r.told === row.name));
      if (heirs.length) return heirs.map((r) => r.name).join(", ") + ": the same law";
      if (told) return told.name + " (measured there, on the layer itself)";
      if (gone) return "no symbol of its kind there starts with it";
      const alone = there.find((r) => r.role === "weights");
      if (!alone || row.keyword === null) return "cannot be pinned: no initializer measured there draws it";
      return (row.keyword && row.keyword + "=") + alone.name + (alone.name.endsWith(")") ? "" : "()") + " (measured there, the initializer alone)";
    }
    // the sentences of report/story/comparison.py
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
      const table = make("table", "");
      const same = [], why = data.reasons.map(() => 0);
      table.className = "plain stack";
      make("caption", "What differs", table);
      const head = make("tr", "", make("thead", "", table)), body = make("tbody", "", table);
      ["Symbol", "Role", from.value, to.value, "To keep it"].forEach((text) => { make("th", text, head).scope = "col"; });
      rows.filter((row) => !row.told).sort((x, y) => !x.cells[a] - !y.cells[a]).forEach((row) => {
        const was = row.cells[a], now = row.cells[b];
        if (was < 0 || now < 0) why[-1 - (was < 0 ? was : now)] += 1;
        else if (was === now && unclear.includes(was)) why[why.length - 1] += 1;
        else if (was === now) same.push(row);
        else {
          const line = make("tr", "", body), name = make("th", "", line);
          name.scope = "row";
          make("a", row.name, name).href = "symbol/" + row.slug + ".html#" + row.role + "-" + to.value;
          [row.role, values[was], values[now], keep(row, a, b)].forEach((text) => make("td", text, line));
        }
      });
      out.replaceChildren();
      make("h2", "From " + from.value + " to " + to.value, out);
      make("p", counted(body.rows.length, same.length, why), out).setAttribute("role", "status");
      const more = further(same, a, b);
      if (more) make("p", more, out).className = "soft";
      if (body.rows.length) out.append(table);
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
