// Optional: filter, free comparison, copy buttons.
(function () {
  "use strict";
  var asked = new URLSearchParams(location.search);
  var find = function (selector) { return document.querySelector(selector); };
  var all = function (selector) { return Array.from(document.querySelectorAll(selector)); };

  function remember(key, value) {
    var url = new URL(location.href);
    if (value) url.searchParams.set(key, value); else url.searchParams.delete(key);
    try { history.replaceState(null, "", url); } catch (refused) { /* on file: */ }
  }

  function filter(box) {
    var groups = all(".matrix > tbody");
    var text = find("#filter"), moved = find("#moved"), status = find("#found");
    function apply() {
      var words = text.value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
      groups.forEach(function (group) {
        var name = group.textContent.toLowerCase();
        var hit = words.every(function (word) { return name.indexOf(word) >= 0; });
        group.hidden = !hit || (moved.checked && !group.classList.contains("moved"));
        if (!group.hidden) shown += 1;
      });
      status.textContent = shown === groups.length ? "" : shown + " of " + groups.length + " symbols";
      remember("q", text.value.trim());
      remember("moved", moved.checked ? "1" : "");
    }
    text.value = asked.get("q") || "";
    moved.checked = asked.get("moved") === "1";
    box.hidden = false;
    text.addEventListener("input", apply);
    moved.addEventListener("change", apply);
    if (text.value || moved.checked) apply();
  }

  function copying() {
    all("pre.copy-me").forEach(function (block) {
      var button = document.createElement("button");
      button.className = "copy";
      button.textContent = "Copy";
      button.addEventListener("click", function () {
        var done = function () { button.textContent = "Copied"; };
        var select = function () { getSelection().selectAllChildren(block); button.textContent = "Selected"; };
        if (navigator.clipboard) navigator.clipboard.writeText(block.textContent).then(done, select);
        else select();
      });
      block.after(button);
    });
  }

  function spread(lengths) {
    var cells = [];
    for (var i = 0; i < lengths.length; i += 2) for (var n = 0; n < lengths[i + 1]; n += 1) cells.push(lengths[i]);
    return cells;
  }

  function compare(box) {
    var data = JSON.parse(find("#data").textContent), out = find("#difference");
    var from = find("#from"), to = find("#to");
    var rows = data.rows.map(function (row) { return { name: row[0], role: row[1], layer: row[2], slug: row[3], keyword: row[4], cells: spread(row[5]) }; });

    function make(tag, text, parent) {
      var node = document.createElement(tag);
      node.textContent = text;
      if (parent) parent.append(node);
      return node;
    }
    function keep(row, a, b) {
      var law = row.cells[a], now = row.cells[b], found;
      if (law === 0) return "";
      if (now === 0) {
        found = rows.filter(function (r) { return r.layer === row.layer && r.role === row.role && r.cells[b] === law; });
        return found.length ? found.map(function (r) { return r.name; }).join(", ") + " starts with it" : "no symbol of its kind there starts with it";
      }
      found = rows.filter(function (r) { return r.role === "weights" && r.cells[b] === law; });
      found.sort(function (x, y) { return (y.name.indexOf("tf.keras.") === 0) - (x.name.indexOf("tf.keras.") === 0); });
      if (!found.length || !row.keyword) return "cannot be pinned: no initializer measured there draws it";
      return row.keyword + "=" + found[0].name + (/\)$/.test(found[0].name) ? "" : "()") + " (measured there)";
    }
    function show() {
      var a = data.releases.indexOf(from.value), b = data.releases.indexOf(to.value);
      var pair = from.value + ".." + to.value, equal = 0, unknown = 0;
      var table = make("table", ""), body = make("tbody", "");
      table.className = "plain stack";
      make("caption", "What differs", table);
      var head = make("tr", "", make("thead", "", table));
      ["Symbol", "Role", from.value, to.value, "To keep it"].forEach(function (text) { make("th", text, head).scope = "col"; });
      rows.sort(function (x, y) { return !x.cells[a] - !y.cells[a]; }).forEach(function (row) {
        if (row.cells[a] < 0 || row.cells[b] < 0) { unknown += 1; return; }
        if (row.cells[a] === row.cells[b]) { equal += 1; return; }
        var line = make("tr", "", body), name = make("th", "", line), link = make("a", row.name, name);
        name.scope = "row";
        link.href = "symbol/" + row.slug + ".html#" + row.role + "-" + to.value;
        make("td", row.role, line);
        make("td", data.values[row.cells[a]], line);
        make("td", data.values[row.cells[b]], line);
        make("td", keep(row, a, b), line);
      });
      table.append(body);
      out.replaceChildren();
      make("h2", "From " + from.value + " to " + to.value, out);
      make("p", body.rows.length + " rows differ, " + equal + " are the same, " + unknown + " could not be compared.", out).setAttribute("role", "status");
      if (body.rows.length) out.append(table);
      if (location.hash !== "#" + pair) { try { history.pushState(null, "", "#" + pair); } catch (refused) { location.hash = pair; } }
    }
    function read() {
      var pair = location.hash ? decodeURIComponent(location.hash.slice(1)).split("..") : [asked.get("from"), asked.get("to")];
      if (data.releases.indexOf(pair[0]) < 0 || data.releases.indexOf(pair[1]) < 0) return;
      from.value = pair[0];
      to.value = pair[1];
      show();
    }
    box.hidden = false;
    from.addEventListener("change", show);
    to.addEventListener("change", show);
    addEventListener("hashchange", read);
    addEventListener("popstate", read);
    read();
  }

  if (find("#filters")) filter(find("#filters"));
  if (find("#picker")) compare(find("#picker"));
  copying();
})();
