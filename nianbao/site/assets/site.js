// What every page has: the language, data files handed over by script elements, and the search box.
(function () {
  "use strict";
  const root = document.documentElement;
  const stored = {
    get(name) { try { return localStorage.getItem(name); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(name, value); } catch { /* private windows keep nothing */ } },
  };
  const wanted = stored.get("nianbao.lang") || ((navigator.language || "zh").startsWith("zh") ? "zh" : "en");
  const waiting = {};
  const taken = {};

  const NB = window.NB = {
    get lang() { return root.dataset.lang; },
    say: (zh, en) => (root.dataset.lang === "en" ? en : zh),
    pick: (pair) => (root.dataset.lang === "en" ? pair[1] || pair[0] : pair[0]),
    root: () => document.body.dataset.root,
    take(name, value) {
      taken[name] = value;
      (waiting[name] || []).forEach((done) => done[0](value));
      delete waiting[name];
    },
    load(name) {
      if (name in taken) return Promise.resolve(taken[name]);
      return new Promise((done, failed) => {
        if (waiting[name]) { waiting[name].push([done, failed]); return; }
        waiting[name] = [[done, failed]];
        script("d/" + name + ".js", () => {
          (waiting[name] || []).forEach((each) => each[1](new Error(name)));
          delete waiting[name];
        });
      });
    },
    script,
    element(tag, attributes, ...children) {
      const made = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes || {})) {
        if (value === true) made.setAttribute(name, "");
        else if (value !== false && value != null) made.setAttribute(name, value);
      }
      made.append(...children.filter((child) => child != null));
      return made;
    },
    combobox,
    matching,
  };

  function script(path, failed) {
    const made = document.createElement("script");
    made.src = document.body.dataset.root + path;
    if (failed) made.onerror = failed;
    document.head.append(made);
    return made;
  }

  function speak(lang) {
    root.dataset.lang = lang;
    root.lang = lang === "en" ? "en" : "zh-CN";
    if (!document.body) return;
    document.querySelectorAll("[data-zh]").forEach((each) => { each.placeholder = each.dataset[lang]; });
    document.querySelectorAll("[data-label]").forEach((each) => each.setAttribute("aria-label", each.dataset.label.split("|")[lang === "en" ? 1 : 0]));
    const title = document.querySelector("title");
    title.dataset.first = title.dataset.first || document.title;
    document.title = lang === "en" ? title.dataset.en : title.dataset.first;
    document.dispatchEvent(new CustomEvent("language"));
  }
  speak(wanted);

  // Rows [code, name, province, prefecture, …] that fit a text, those that begin with it first.
  function matching(rows, text, most) {
    const needle = text.trim();
    if (!needle) return [];
    const first = [], second = [];
    for (const row of rows) {
      if (row[0].startsWith(needle) || row[1].startsWith(needle)) first.push(row);
      else if (row[1].includes(needle)) second.push(row);
      if (first.length >= most) break;
    }
    return first.concat(second).slice(0, most);
  }

  // An editable combobox with a list (WAI-ARIA 1.2): arrows move, Enter takes, Escape closes.
  function combobox(input, list, find, take) {
    let found = [], at = -1;
    const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const mark = (index) => {
      at = index;
      [...list.children].forEach((each, number) => each.setAttribute("aria-selected", String(number === at)));
      if (at >= 0) {
        input.setAttribute("aria-activedescendant", list.children[at].id);
        list.children[at].scrollIntoView({ block: "nearest" });
      }
    };
    const choose = (index) => { const row = found[index]; close(); take(row); };
    const show = async () => {
      const text = input.value;
      const rows = await find(text);
      if (text !== input.value) return;
      found = rows;
      list.replaceChildren(...rows.map((row, number) => {
        const option = NB.element("li", { role: "option", id: list.id + "-" + number, "aria-selected": "false" }, row[1], NB.element("small", {}, row.under));
        option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(number); });
        return option;
      }));
      list.hidden = !rows.length;
      input.setAttribute("aria-expanded", String(rows.length > 0));
      at = -1;
    };
    input.addEventListener("input", show);
    input.addEventListener("focus", () => { find(""); if (input.value) show(); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && found.length) { event.preventDefault(); if (list.hidden) show(); else mark((at + 1) % found.length); }
      else if (event.key === "ArrowUp" && found.length) { event.preventDefault(); mark((at - 1 + found.length) % found.length); }
      else if (event.key === "Escape") { close(); }
      else if (event.key === "Enter" && !list.hidden && (at >= 0 || found.length === 1)) { event.preventDefault(); choose(Math.max(at, 0)); }
    });
    if (input.value && input === document.activeElement) show(); // typed before this script was there
  }

  function under(data, row) {
    return [row[0], data.provinces[row[2]], data.prefectures[row[3]]].filter((each, number, all) => each && each !== row[1] && all.indexOf(each) === number).join(" · ");
  }
  NB.under = under;

  function searchBox() {
    const input = document.getElementById("search");
    combobox(input, document.getElementById("search-list"), async (text) => {
      const data = await NB.load("places");
      return matching(data.rows, text, 12).map((row) => Object.assign(row.slice(), { under: under(data, row), page: data.irregular[row[0]] || "c/" + row[0] + ".html" }));
    }, (row) => { location.href = document.body.dataset.root + row.page; });
  }

  document.addEventListener("DOMContentLoaded", () => {
    speak(root.dataset.lang);
    const button = document.getElementById("lang");
    button.hidden = false;
    button.addEventListener("click", () => {
      const next = root.dataset.lang === "en" ? "zh" : "en";
      stored.set("nianbao.lang", next);
      speak(next);
    });
    searchBox();
  });
})();
