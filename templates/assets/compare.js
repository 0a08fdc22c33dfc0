// Compares any two releases, by the data embedded in the page of the picker.
(() => {
  "use strict";
  const asked = new URLSearchParams(location.search);
  const find = (selector) => document.querySelector(selector);
  const box = find("#picker");
  const { releases, unclear, entries, gone, seeds, ...data } = JSON.parse(find("#data").textContent);
  const from = find("#from"), to = find("#to"), out = find("#difference");
  const unfold = (lengths) => lengths.flatMap((code, i) => (i % 2 ? [] : Array(lengths[i + 1]).fill(code)));
  const lines = data.lines.map(unfold);
  const rows = data.rows.map(([name, role, slug, lengths, others, home, facts, ...numbers]) => ({
    name, role, slug, home, facts: lines[facts], cells: unfold(lengths), others: others.map((line) => lines[line]),
    numbers: numbers.map(([line, table]) => ({ drawn: lines[line], table: seeds.tables[table] })),
  }));

  function make(tag, text, parent) {
    const node = document.createElement(tag);
    node.textContent = text;
    if (parent) parent.append(node);
    return node;
  }
  // breaks lines as the filter "breakable" does
  function breakable(text, parent) {
    text.split(/(?<=[._(])(?![\d)]|$)/).forEach((part, index) => { if (index) make("wbr", "", parent); parent.append(part); });
  }
  function link(row, parent) {
    const node = make("a", "", parent);
    node.href = "symbol/" + row.slug + ".html#" + row.role + "-" + to.value;
    breakable(row.name, make("code", "", node));
  }
  function chip(row, at, parent) {
    const removed = !row.cells[at] && row.cells.slice(0, at).some((code) => code > 0);
    const [code, text, style] = removed ? gone : entries[row.cells[at]];
    make("span", code, parent).className = "chip " + style;
    breakable(" " + text, parent);
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
  // what one seed leads to: keep the wording equal to report/story/summary.py
  const names = (found) => [...new Set(found.map(([row]) => row.name))];
  const listed = (parts) => parts.slice(0, -1).join(", ") + (parts.length > 1 ? " and " : "") + parts.slice(-1);
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const several = (count, noun) => count + " " + noun + (count === 1 ? "" : "s");
  function symbols(found) {
    const known = names(found);
    if (known.length <= seeds.named) return listed(known);
    const homes = Object.entries(Object.groupBy(known, (name) => seeds.homes[found.find(([row]) => row.name === name)[0].home]))
      .sort((one, other) => other[1].length - one[1].length);
    const where = homes.map(([home, each]) => each.length + " of " + home);
    return several(known.length, "symbol") + (homes.length > 1 ? ": " + listed(where) : " of " + homes[0][0]);
  }
  function claim(text, some, every, alone) {
    const part = names(some).length, whole = names(every).length;
    return alone && 2 * part >= whole ? text : text + " for " + part + " of " + whole + " symbols";
  }
  function related(same, kind, a, b) {
    return same.map((row) => {
      const { drawn, table } = row.numbers[kind];
      return [row, drawn[a] < 0 || drawn[b] < 0 ? 0 : table[drawn[a]][drawn[b]]];
    }).filter(([, text]) => text).map(([row, text]) => [row, ...seeds.texts[text - 1]]);
  }
  function facts(same, place, a, b) {
    return same.filter((row) => row.facts[a] >= 0 && row.facts[b] >= 0)
      .map((row) => [row, seeds.facts[row.facts[a]][place], seeds.facts[row.facts[b]][place]])
      .filter(([, was, now]) => was >= 0 && now >= 0);
  }
  function sentence(same, laws, fresh, lost, a, b) {
    const compared = related(same, 0, a, b);
    const first = (texts, hits, every, also) => {
      const held = texts.map((_, index) => index).filter((index) => hits(index).length);
      const said = held.filter((index) => index === held[0] || texts[index] === also);
      return said.map((index) => claim(texts[index], hits(index), every, said.length === 1));
    };
    const reuse = seeds.reuse.map(([fact, texts]) => {
      const twice = facts(same, fact, a, b);
      return first(texts, (place) => twice.filter((each) => each[1 + place] !== seeds.same && each[2 - place] === seeds.same), twice);
    });
    const claims = [
      ...first(seeds.claims, (index) => compared.filter((each) => each[2] === index), compared, seeds.incomparable),
      ...(reuse.find((found) => found.length) || []),
    ];
    if (laws && claims.length) claims[0] = seeds.elsewhere + claims[0];
    const values = [
      laws ? (laws > 1 ? "other laws" : "another law") + " in " + several(laws, "row") : same.length ? "the same laws" : "",
      ...claims,
    ].filter(Boolean);
    const there = [fresh && several(fresh, "new row"), lost && several(lost, "row") + " removed"].filter(Boolean);
    const text = [values.length > 2 ? values.slice(0, -1).join(", ") + ", and " + values.slice(-1) : listed(values), there.join(", ")]
      .filter(Boolean).join("; ");
    return text && capital(text) + ".";
  }
  function findings(same, a, b) {
    const list = make("ul", "", null);
    const add = (title, text, found) => {
      const line = make("li", "", list);
      make("b", title, line);
      line.append(": " + text + " (" + symbols(found) + ")");
    };
    seeds.titles.forEach((title, kind) => {
      const unequal = ([text]) => text !== seeds.equal;
      Object.entries(Object.groupBy(related(same, kind, a, b), ([, text]) => text))
        .sort((one, other) => unequal(other) - unequal(one) || other[1].length - one[1].length)
        .forEach(([text, found]) => add(title, text, found));
    });
    const moved = seeds.facets.flatMap((title, place) =>
      Object.entries(Object.groupBy(facts(same, place, a, b).filter(([, was, now]) => was !== now),
        ([, was, now]) => seeds.words[was] + " → " + seeds.words[now])).map(([text, found]) => ({ title, text, found })));
    Object.values(Object.groupBy(moved, ({ text, found }) => [text, ...found.map(([row]) => row.name)]))
      .forEach((each) => add(capital(each.map(({ title }) => title).join("; ")), each[0].text, each[0].found));
    if (!list.children.length) return;
    make("h3", "Numbers and reuse", out);
    out.append(list);
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
    const there = same.filter((row) => row.cells[a]), laws = differ.filter((row) => row.cells[a] && row.cells[b]);
    const lost = differ.filter((row) => !row.cells[b]), came = differ.filter((row) => !row.cells[a]);
    const layers = (part) => part.filter((row) => row.role !== "weights");
    const alone = (part) => part.filter((row) => row.role === "weights");
    out.replaceChildren();
    make("h2", "From " + from.value + " to " + to.value, out);
    const happened = sentence(there, laws.length, came.length, lost.length, a, b);
    if (happened) make("p", happened, out);
    make("p", counted(differ.length, same.length, why), out).setAttribute("role", "status");
    const more = further(same, a, b);
    if (more) make("p", more, out).className = "soft";
    const page = find('a[href="compare/' + from.value + ".." + to.value + '.html"]');
    const kept = laws.length || lost.length ? "How to keep the old behaviour, with the proof" : "The page of these releases";
    if (page) make("a", kept, make("p", "", out)).href = page.href;
    table("What layers start with", layers(laws), a, b);
    table("What initializers draw", alone(laws), a, b);
    findings(there, a, b);
    table("Layers that were removed", layers(lost), a, b);
    table("Initializers that were removed", alone(lost), a, b);
    fresh(came, b);
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
})();
