// A grid over the text of the paste page. The text field stays the truth that is sent; without this script it is used as it is.
(function () {
  "use strict";
  var form = document.getElementById("grid-form");
  if (!form) return;
  var area = form.querySelector("textarea[name=text]");
  var box = form.querySelector("[data-box]");
  var status = document.getElementById("grid-status");
  var confirmForm = document.getElementById("grid-confirm");
  var known = {};
  form.dataset.names.split("\n").forEach(function (name) { known[folded(name)] = true; });

  var heads = [], rows = [], marks = {}, past = [], at = [0, 0], editing = false, moving = false, dirty = false, saving = false, timer = 0;
  var LEAST = 8, KEPT = 20, PAGE = 10, PAUSE = 15000;

  // ---- text in and out: the same rules as the server's ----
  function folded(text) { return text.replace(/[\s　*★:：]/g, ""); }

  function parse(text) {
    var left = text.replace(/\r\n?/g, "\n").replace(/^\ufeff/, ""), found = [[]], i = 0, quoted = /"((?:[^"\t]|"")*)"(?=\t|\n|$)/y;
    while (i <= left.length) {
      var cell = null;
      if (left[i] === '"') {
        quoted.lastIndex = i;
        var match = quoted.exec(left);
        if (match && (match[1].indexOf("\n") >= 0 || match[1].indexOf('""') >= 0)) {
          cell = match[1].replace(/""/g, '"');
          i = quoted.lastIndex;
        }
      }
      if (cell === null) {
        var end = i;
        while (end < left.length && left[end] !== "\t" && left[end] !== "\n") end += 1;
        cell = left.slice(i, end);
        i = end;
      }
      found[found.length - 1].push(cell.trim());
      if (i >= left.length) break;
      if (left[i] === "\n") found.push([]);
      i += 1;
    }
    while (found.length && found[found.length - 1].every(function (one) { return !one; })) found.pop();
    return found;
  }

  function written(cell) {
    var plain = (cell || "").replace(/\t/g, " ");
    return /[\n"]/.test(plain) ? '"' + plain.replace(/"/g, '""') + '"' : plain;
  }

  function text() {
    return [heads].concat(rows).map(function (row) { return row.map(written).join("\t"); }).join("\n");
  }

  function headed(found) {
    for (var row = 0; row < Math.min(found.length, 6); row += 1) {
      if (found[row].filter(function (cell) { return cell && known[folded(cell)]; }).length >= 2) return row;
    }
    return -1;
  }

  // ---- drawing ----
  function make(name, words) {
    var made = document.createElement(name);
    if (words !== undefined) made.textContent = words;
    return made;
  }

  function cellAt(row, column) { return box.querySelector('[data-at="' + row + "-" + column + '"]'); }

  // One field for the whole grid lies over the cell one is in, unseen until something is typed: an input method for Chinese
  // begins only where text can be entered, and its first letters must not be lost.
  var field = make("textarea");
  field.rows = 1;
  field.setAttribute("autocomplete", "off");
  field.setAttribute("spellcheck", "false");

  function show(cell, row, column) {
    var mark = marks[row + "-" + column];
    Array.prototype.slice.call(cell.children).forEach(function (part) { if (part !== field) part.remove(); });
    cell.prepend(make("span", rows[row][column] || ""));
    cell.classList.toggle("wrong", Boolean(mark));
    if (mark) {
      var words = make("small", mark);
      words.id = "said-" + row + "-" + column;
      cell.append(words);
      cell.setAttribute("aria-invalid", "true");
    } else cell.removeAttribute("aria-invalid");
    if (cell.contains(field)) name(row, column);
  }

  // What a screen reader says of the cell one is in: column, row, content, what is wrong.
  function name(row, column) {
    var said = rows[row][column] ? "：" + rows[row][column] : "，空";
    field.setAttribute("aria-label", (heads[column] || "没有列名") + "，第 " + (row + 1) + " 行" + said);
    if (marks[row + "-" + column]) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", "said-" + row + "-" + column);
    } else {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
  }

  function draw() {
    var table = make("table"), head = make("tr"), body = make("tbody"), top = make("thead");
    table.className = "pasted-grid";
    table.setAttribute("role", "grid");
    table.setAttribute("aria-label", "贴上的人员");
    table.setAttribute("aria-describedby", "grid-help");
    table.setAttribute("aria-rowcount", String(rows.length + 1));
    var corner = make("th", "行");
    corner.scope = "col";
    head.append(corner);
    heads.forEach(function (name) {
      var one = make("th", name || "（没有列名）");
      one.scope = "col";
      head.append(one);
    });
    top.append(head);
    rows.forEach(function (row, r) {
      var line = make("tr"), number = make("th", String(r + 1));
      number.scope = "row";
      var whole = marks[r + "-whole"];
      if (whole) {
        number.append(make("small", whole));
        number.classList.add("wrong");
      }
      line.append(number);
      heads.forEach(function (name, c) {
        var cell = make("td");
        cell.dataset.at = r + "-" + c;
        cell.setAttribute("role", "gridcell");
        show(cell, r, c);
        line.append(cell);
      });
      body.append(line);
    });
    table.append(top, body);
    box.replaceChildren(table);
    at = [Math.min(at[0], rows.length - 1), Math.min(at[1], heads.length - 1)];
    go(at[0], at[1], true);
  }

  function go(row, column, quiet) {
    moving = true;
    at = [Math.max(0, Math.min(row, rows.length - 1)), Math.max(0, Math.min(column, heads.length - 1))];
    field.value = "";
    cellAt(at[0], at[1]).append(field);
    name(at[0], at[1]);
    if (!quiet) field.focus();
    moving = false;
  }

  // ---- changing ----
  function remember() {
    past.push(JSON.stringify([heads, rows]));
    if (past.length > KEPT) past.shift();
  }

  function changed() {
    area.value = text();
    dirty = true;
    if (confirmForm) confirmForm.querySelectorAll("button").forEach(function (button) { button.disabled = true; });
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, PAUSE);
  }

  function put(row, column, value) {
    if ((rows[row][column] || "") === value) return;
    remember();
    rows[row][column] = value;
    delete marks[row + "-" + column];
    show(cellAt(row, column), row, column);
    changed();
  }

  function blank() { return heads.map(function () { return ""; }); }

  function empty() { return rows.every(function (row) { return row.every(function (cell) { return !cell; }); }); }

  function paste(given) {
    var found = parse(given);
    if (!found.length) return;
    remember();
    var first = headed(found), row = at[0], column = at[1];
    if (first >= 0) {
      var body = found.slice(first + 1), names = found[first];
      if (empty()) {
        heads = names.slice();
        rows = [];
        row = 0;
      } else {
        // Under the grid's own headings: each column goes where one of the same name stands.
        body = body.map(function (line) {
          var laid = blank();
          line.forEach(function (cell, c) {
            var to = heads.findIndex(function (name) { return folded(name) === folded(names[c] || ""); });
            if (to >= 0) laid[to] = cell;
          });
          return laid;
        });
      }
      column = 0;
      found = body;
    }
    found.forEach(function (line, r) {
      while (rows.length <= row + r) rows.push(blank());
      line.forEach(function (cell, c) {
        while (heads.length <= column + c) {
          heads.push("");
          rows.forEach(function (each) { each.push(""); });
        }
        rows[row + r][column + c] = cell;
        delete marks[(row + r) + "-" + (column + c)];
      });
    });
    while (rows.length < LEAST) rows.push(blank());
    rows.forEach(function (each) { while (each.length < heads.length) each.push(""); });
    draw();
    go(row, column);
    changed();
    say("贴上了 " + found.length + " 行");
  }

  function undo() {
    if (!past.length) return;
    var kept = JSON.parse(past.pop());
    heads = kept[0];
    rows = kept[1];
    draw();
    go(at[0], at[1]);
    changed();
  }

  function begin() {
    editing = true;
    field.parentNode.classList.add("editing");
  }

  function edit() {
    field.value = rows[at[0]][at[1]] || "";
    begin();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  function leave(take) {
    if (!editing) return;
    var value = field.value.trim();
    editing = false;
    field.value = "";
    field.parentNode.classList.remove("editing");
    if (take) put(at[0], at[1], value);
  }

  // ---- keys and mouse ----
  function moved(key, control) {
    var to = {
      ArrowUp: [at[0] - 1, at[1]], ArrowDown: [at[0] + 1, at[1]], ArrowLeft: [at[0], at[1] - 1], ArrowRight: [at[0], at[1] + 1],
      Home: [control ? 0 : at[0], 0], End: [control ? rows.length - 1 : at[0], heads.length - 1],
      PageUp: [at[0] - PAGE, at[1]], PageDown: [at[0] + PAGE, at[1]]
    }[key];
    if (to) go(to[0], to[1]);
    return Boolean(to);
  }

  function next(row, column) {
    leave(true);
    if (row >= rows.length) {
      rows.push(blank());
      draw();
    }
    go(row, column);
  }

  box.addEventListener("keydown", function (event) {
    if (event.isComposing) return;
    var control = event.ctrlKey || event.metaKey, key = event.key, took = true;
    if (editing) {
      if (key === "Enter" && !event.altKey) next(at[0] + 1, at[1]);
      else if (key === "Tab" && !event.shiftKey && at[1] + 1 < heads.length) next(at[0], at[1] + 1);
      else if (key === "Tab" && event.shiftKey && at[1] > 0) next(at[0], at[1] - 1);
      else if (key === "Tab") { leave(true); took = false; }
      else if (key === "Escape") leave(false);
      else took = false;
    } else if (control && key.toLowerCase() === "z") undo();
    else if (control && (key === "Home" || key === "End")) moved(key, true);
    else if (control || event.altKey) took = false;
    else if (key === "Enter" || key === "F2") edit();
    else if (key === "Delete" || key === "Backspace") put(at[0], at[1], "");
    else took = moved(key, false);
    if (took) event.preventDefault();
  });
  field.addEventListener("compositionstart", function () { if (!editing) begin(); });
  field.addEventListener("input", function () { if (!editing) begin(); });
  field.addEventListener("blur", function () { if (!moving) leave(true); });
  box.addEventListener("mousedown", function (event) {
    var cell = event.target.closest("td[data-at]");
    if (!cell || (editing && cell.contains(field))) return;
    leave(true);
    var place = cell.dataset.at.split("-").map(Number);
    go(place[0], place[1]);
    event.preventDefault();
  });
  box.addEventListener("dblclick", function (event) { if (!editing && event.target.closest("td[data-at]")) edit(); });
  box.addEventListener("paste", function (event) {
    var given = event.clipboardData.getData("text/plain");
    if (editing && !/[\t\n]/.test(given.trim())) return;
    event.preventDefault();
    leave(false);
    paste(given);
  });
  box.addEventListener("copy", function (event) {
    if (editing) return;
    event.clipboardData.setData("text/plain", rows[at[0]][at[1]] || "");
    event.preventDefault();
  });
  form.querySelector("[data-add]").addEventListener("click", function () {
    remember();
    rows.splice(at[0] + 1, 0, blank());
    shift(at[0] + 1, 1);
    draw();
    go(at[0] + 1, 0);
    changed();
  });
  form.querySelector("[data-remove]").addEventListener("click", function () {
    remember();
    rows.splice(at[0], 1);
    shift(at[0], -1);
    if (!rows.length) rows.push(blank());
    draw();
    go(at[0], at[1]);
    changed();
  });

  // What was said of rows below moves with them.
  function shift(from, by) {
    var kept = {};
    Object.keys(marks).forEach(function (key) {
      var parts = key.split("-"), row = Number(parts[0]);
      if (by < 0 && row === from) return;
      kept[(row >= from ? row + by : row) + "-" + parts[1]] = marks[key];
    });
    marks = kept;
  }

  // ---- keeping and sending: what was typed stays on the page whatever the answer is ----
  function say(words) { status.textContent = words; }

  function send() {
    area.value = text();
    return fetch(form.getAttribute("action") || window.location.pathname, {
      method: "POST", body: new FormData(form), headers: { "X-Grid": "1" }, credentials: "same-origin"
    }).then(function (answer) {
      var plain = (answer.headers.get("Content-Type") || "").indexOf("json") < 0;
      if (answer.redirected || answer.status === 403 || (plain && answer.status < 500)) throw new Error("登录已过期。请在另一个标签页登录，再回到这里按一次；贴的内容还在");
      if (plain) throw new Error("没有送到，请稍后再按一次；贴的内容还在");
      return answer.json();
    }, function () { throw new Error("连不上服务器，请稍后再按一次；贴的内容还在"); });
  }

  // Signed in again, the page's old token is worth nothing: a fresh one is asked for before the next try.
  function renew() {
    return fetch(window.location.pathname, { credentials: "same-origin" }).then(function (answer) {
      return answer.redirected ? "" : answer.text();
    }).then(function (page) {
      var fresh = new DOMParser().parseFromString(page, "text/html").querySelector("#grid-form [name=csrfmiddlewaretoken]");
      if (fresh) form.querySelector("[name=csrfmiddlewaretoken]").value = fresh.value;
    }).catch(function () {});
  }

  function keep() {
    if (!dirty || saving || editing || empty()) return;
    saving = true;
    send().then(function (told) {
      saving = false;
      if (!told.next) return;
      dirty = false;
      form.action = told.next;
      window.history.replaceState(null, "", told.next);
      say("已暂存 " + new Date().toTimeString().slice(0, 5));
    }).catch(function (error) {
      saving = false;
      say(error.message);
      renew();
    });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    leave(true);
    var button = event.submitter;
    say("正在检查……");
    send().then(function (told) {
      if (told.next) {
        dirty = false;
        window.location.assign(told.next);
      } else {
        if (button) button.disabled = false;
        say(told.wrong.join("；"));
      }
    }).catch(function (error) {
      if (button) button.disabled = false;
      say(error.message);
      renew();
    });
  });
  window.addEventListener("beforeunload", function (event) { if (dirty) event.preventDefault(); });

  // ---- begin ----
  var found = parse(area.value);
  heads = found.length ? found[0].slice() : [""];
  rows = found.slice(1);
  rows.forEach(function (row) { while (heads.length < row.length) heads.push(""); });
  while (rows.length < (form.dataset.upload ? 1 : LEAST)) rows.push(blank());
  rows.forEach(function (row) { while (row.length < heads.length) row.push(""); });
  document.querySelectorAll("#said [data-row]").forEach(function (line) {
    var row = Number(line.dataset.row) - 1, column = Number(line.dataset.column);
    var words = ["[data-why]", "[data-do]"].map(function (part) { return line.querySelector(part).textContent.trim(); }).filter(Boolean).join("。");
    var key = row + "-" + (column ? column - 1 : "whole");
    marks[key] = marks[key] ? marks[key] + "；" + words : words;
  });
  form.querySelectorAll("[data-plain]").forEach(function (part) { part.hidden = true; });
  form.querySelector("[data-grid]").hidden = false;
  draw();
  var wrong = box.querySelector("td[aria-invalid]");
  if (wrong) {
    var place = wrong.dataset.at.split("-").map(Number);
    go(place[0], place[1], true);
  }
})();
