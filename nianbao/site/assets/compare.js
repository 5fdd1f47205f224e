// Places side by side: one indicator over the years, a table, a chart, a link that brings the view back, downloads.
(function () {
  "use strict";
  const MOST = 10;
  const at = (id) => document.getElementById(id);
  const state = { scope: "jurisdiction", codes: [], indicator: "req_new_total", from: null, to: null, sort: null, down: true };
  let scopes, indicators, series, values, view;

  const key = (row, number) => (state.scope === "jurisdiction" ? row[0] : row[0] + "." + number);

  function readHash() {
    const given = new URLSearchParams(location.hash.slice(1));
    const years = scopes.years;
    const known = scopes.scopes.map((each) => each[0]);
    state.scope = known.includes(given.get("s")) ? given.get("s") : known[0];
    state.codes = (given.get("c") || "").split(",").filter(Boolean).slice(0, MOST);
    state.indicator = indicators.list.some((each) => each.id === given.get("i")) ? given.get("i") : "req_new_total";
    const [from, to] = (given.get("y") || "").split("-").map(Number);
    state.from = years.includes(from) ? from : years[0];
    state.to = years.includes(to) && to >= state.from ? to : years[years.length - 1];
    state.sort = given.get("o");
    state.down = given.get("d") !== "up";
  }
  function writeHash() {
    const given = new URLSearchParams({ s: state.scope, c: state.codes.join(","), i: state.indicator, y: state.from + "-" + state.to });
    if (state.sort) { given.set("o", state.sort); given.set("d", state.down ? "down" : "up"); }
    history.replaceState(null, "", "#" + given.toString().replaceAll("%2C", ","));
  }

  async function update() {
    const started = performance.now();
    const indicator = indicators.list.find((each) => each.id === state.indicator);
    const scope = state.scope;
    [series, values] = await Promise.all([NB.load("series." + scope), NB.load("v." + scope + "." + indicator.id)]);
    if (scope !== state.scope || indicator.id !== state.indicator) return;
    const index = new Map(series.rows.map((row, number) => [key(row, number), number]));
    const missing = state.codes.filter((code) => !index.has(code));
    const rows = state.codes.filter((code) => index.has(code)).map((code) => ({ code, row: series.rows[index.get(code)], values: values[index.get(code)] || [] }));
    writeHash();
    chips(rows);
    at("status").textContent = missing.length ? NB.say("没有可比的报告：", "No report to compare: ") + missing.join(", ")
      : rows.length ? "" : NB.say("先添加要比较的地方，最多 " + MOST + " 个。", "Add places to compare, at most " + MOST + ".");
    at("result").hidden = !rows.length;
    if (rows.length) {
      at("result-heading").textContent = NB.title(indicator, indicators.groups);
      at("formula").textContent = NB.explain(indicator);
      at("legend").textContent = NB.legend();
      table(rows, indicator);
      await chart(rows, indicator);
    }
    document.body.dataset.compared = String(Math.round(performance.now() - started));
  }

  const positions = () => scopes.years.map((year, position) => [year, position]).filter(([year]) => year >= state.from && year <= state.to);

  function chips(rows) {
    at("chosen").replaceChildren(...rows.map(({ code, row }, number) => {
      const button = NB.element("button", { type: "button", "aria-label": NB.say("去掉 ", "Remove ") + row[1] }, row[1]);
      button.style.setProperty("--chip", NB.colours()[number % MOST]);
      button.addEventListener("click", () => { state.codes = state.codes.filter((each) => each !== code); update(); at("add").focus(); });
      return NB.element("li", {}, button);
    }));
  }

  function sorted(rows) {
    if (!state.sort) return rows;
    const value = state.sort === "name" ? (each) => each.row[1] : (each) => NB.read(each.values[scopes.years.indexOf(Number(state.sort))]).number;
    return rows.slice().sort((a, b) => NB.order(value(a), value(b), state.down));
  }

  function heading(id, text, numeric) {
    const button = NB.element("button", { type: "button" }, text);
    button.addEventListener("click", () => {
      state.down = state.sort === id ? !state.down : numeric;
      state.sort = id;
      update().then(() => at("table").querySelector('[data-sort="' + id + '"] button').focus());
    });
    return NB.element("th", { scope: "col", class: numeric ? "num" : null, "data-sort": id, "aria-sort": state.sort === id ? (state.down ? "descending" : "ascending") : "none" }, button);
  }

  function table(rows, indicator) {
    const columns = positions();
    const head = NB.element("tr", {}, heading("name", NB.say("地方", "Place"), false), ...columns.map(([year]) => heading(String(year), String(year), true)));
    const body = sorted(rows).map(({ row, values: own }) => NB.element("tr", {},
      NB.element("th", { scope: "row" }, NB.element("a", { href: "c/" + encodeURIComponent(row[0]) + ".html" }, row[1]), NB.element("small", {}, NB.under(series, row))),
      ...columns.map(([, position]) => NB.cell(row, own[position], position, scopes.years, state.scope, indicator))));
    at("table").replaceChildren(NB.element("thead", {}, head), NB.element("tbody", {}, ...body));
  }

  async function chart(rows, indicator) {
    const columns = positions();
    const labels = rows.map(({ row }) => (rows.filter((each) => each.row[1] === row[1]).length > 1 ? row[1] + " " + row[0] : row[1]));
    const data = rows.flatMap(({ values: own }, number) => columns.map(([year, position]) => ({ name: labels[number], year: String(year), value: NB.read(own[position]).number })));
    const colour = { field: "name", type: "nominal", sort: labels, scale: { domain: labels } };
    const scale = { field: "value", type: "quantitative", title: NB.title(indicator, indicators.groups) };
    const spec = columns.length > 1
      ? { height: 300, mark: { type: "line", point: { size: 50 }, strokeWidth: 2.5 }, encoding: { x: { field: "year", type: "ordinal", title: null }, y: scale, color: colour, shape: Object.assign({}, colour) } }
      : { height: rows.length * 34 + 50, mark: "bar", encoding: { y: { field: "name", type: "nominal", sort: labels, title: null }, x: scale, color: Object.assign({ legend: null }, colour) } };
    view = await NB.draw("#chart", Object.assign({ data: { values: data } }, spec));
  }

  function download() {
    const indicator = indicators.list.find((each) => each.id === state.indicator);
    const lines = [["code", "name", "province", "prefecture", "scope", "report_year", "indicator", "label", "unit", "formula", "value", "status", "grade", "report_id"]];
    series.rows.forEach((row, number) => {
      if (!state.codes.includes(key(row, number))) return;
      for (const [year, position] of positions()) {
        const value = NB.read((values[number] || [])[position]);
        const has = value.status !== "no_report";
        lines.push([row[0], row[1], series.provinces[row[2]], series.prefectures[row[3]], state.scope, year, indicator.id, NB.pick(indicator.label), NB.pick(indicator.unit), NB.pick(indicator.formula), value.number, value.status, has ? NB.GRADE_NAMES[row[5][position]] : "", has ? NB.reportId(row, position, scopes.years, state.scope) : ""]);
      }
    });
    NB.download("nianbao-" + indicator.id + ".csv", "text/csv", NB.csv(lines));
  }
  async function picture(kind) {
    const name = "nianbao-" + state.indicator + "." + kind;
    if (kind === "svg") { NB.download(name, "image/svg+xml", await view.toSVG()); return; }
    const canvas = await view.toCanvas(2);
    canvas.toBlob((blob) => NB.download(name, "image/png", blob));
  }

  function fill() {
    at("scope").replaceChildren(...scopes.scopes.map(([id, zh, en]) => NB.element("option", { value: id }, NB.say(zh, en))));
    for (const id of ["from", "to"]) at(id).replaceChildren(...scopes.years.map((year) => NB.element("option", { value: year }, String(year))));
    NB.fillIndicators(at("indicator"), indicators, state.indicator);
    at("scope").value = state.scope;
    at("from").value = state.from;
    at("to").value = state.to;
  }

  async function start() {
    [scopes, indicators] = await Promise.all([NB.load("scopes"), NB.load("indicators")]);
    if (!scopes.years.length) return;
    readHash();
    fill();
    at("controls").hidden = false;
    NB.combobox(at("add"), at("add-list"), async (text) => {
      const data = await NB.load("series." + state.scope);
      const rows = data.rows.map((row, number) => [row, number]).filter(([row, number]) => row[5].trim() && !state.codes.includes(key(row, number)));
      const numbers = new Map(rows);
      return NB.matching(rows.map(([row]) => row), text, 12).map((row) => Object.assign(row.slice(), { under: NB.under(data, row), key: key(row, numbers.get(row)) }));
    }, (row) => {
      at("add").value = "";
      if (state.codes.length >= MOST) { at("status").textContent = NB.say("最多 " + MOST + " 个。", "At most " + MOST + "."); return; }
      state.codes.push(row.key);
      update();
    });
    at("scope").addEventListener("change", () => { state.scope = at("scope").value; state.codes = []; update(); });
    at("indicator").addEventListener("change", () => { state.indicator = at("indicator").value; update(); });
    at("from").addEventListener("change", () => { state.from = Number(at("from").value); state.to = Math.max(state.to, state.from); fill(); update(); });
    at("to").addEventListener("change", () => { state.to = Number(at("to").value); state.from = Math.min(state.from, state.to); fill(); update(); });
    at("csv").addEventListener("click", download);
    at("svg").addEventListener("click", () => picture("svg"));
    at("png").addEventListener("click", () => picture("png"));
    at("link").addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(location.href); at("said").textContent = NB.say("已复制", "copied"); }
      catch { at("said").textContent = location.href; }
    });
    at("controls").addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", () => { readHash(); fill(); update(); });
    document.addEventListener("language", () => { fill(); update(); });
    NB.onTheme(update);
    NB.preload();
    update();
  }
  start();
})();
